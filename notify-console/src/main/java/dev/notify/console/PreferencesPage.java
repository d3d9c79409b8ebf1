package dev.notify.console;

import dev.notify.LinkAnswer;
import dev.notify.model.ConfigurationException;
import dev.notify.model.NotifyException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A person's own page, as they see it. */
final class PreferencesPage {

  private final Site site;

  PreferencesPage(Site site) {
    this.site = site;
  }

  Markup page(Asked asked) {
    Markup html = new Markup();
    Optional<String> person = asked.parameter("person");
    html.open("form", "action", site.url("/preferences"), "class", "filters");
    html.open("label", "class", "field wide").leaf("span", "Person");
    html.open(
        "input",
        "name",
        "person",
        "value",
        person.orElse(""),
        "maxlength",
        "255",
        "required",
        "",
        "autocomplete",
        "off");
    html.close("label").leaf("button", "Show").close("form");
    if (person.isEmpty()) {
      Pieces.empty(
          html,
          "Nobody is chosen.",
          "Give the id of a person to see, and change, what they have chosen. It is the very page"
              + " that they reach by their own link.");
      return html;
    }
    try {
      URI link = site.dispatcher().preferenceLink(person.get());
      String path = link.getPath();
      html.leaf(
          "p",
          "What you change here stands in the audit log and in the history of this person's choices as"
              + " changed in the console, and by you if you have logged in.",
          "class",
          "muted");
      html.leaf(
          "iframe",
          "",
          "class",
          "centre",
          "title",
          "Preferences of " + person.get(),
          "sandbox",
          "allow-forms allow-same-origin",
          "src",
          site.url("/preferences/centre" + path.substring(path.lastIndexOf('/'))));
      html.open("details").leaf("summary", "The person's own link");
      html.leaf("p", "Whoever has it may change what this person has chosen.", "class", "muted");
      html.leaf("pre", link.toString()).close("details");
    } catch (ConfigurationException e) {
      Pieces.empty(
          html,
          "There are no links.",
          "The page is reached by signed links: give the builder SignedLinks.below(address, key).");
    } catch (NotifyException e) {
      Pieces.fault(html, String.valueOf(e.getMessage()));
    }
    return html;
  }

  /** The page itself, in a frame of ours. */
  ConsoleAnswer centre(Asked asked) {
    LinkAnswer answer =
        site.dispatcher().links().handle(asked.verb(), asked.path(), asked.headers(), asked.body());
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.computeIfPresent(
        "Content-Security-Policy",
        (name, policy) -> policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"));
    // With no-referrer a browser sends "Origin: null" with the form, as a stranger's page would.
    headers.put("Referrer-Policy", "same-origin");
    return new ConsoleAnswer(answer.status(), Map.copyOf(headers), answer.body());
  }
}
