package dev.notify.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotifyException;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate;
import dev.notify.template.TemplateLibrary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Templates of the store, and what they say. */
final class TemplatesPage {

  private static final Pattern TEXT =
      Pattern.compile("(?:([a-z]{2,8}(?:-(?:[A-Z]{2}|[0-9]{3}))?)/)?([a-z0-9-]+)\\.[a-z]+");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final TypeReference<Map<String, Object>> VARIABLES = new TypeReference<>() {};

  private final Site site;

  TemplatesPage(Site site) {
    this.site = site;
  }

  Markup page(Asked asked) {
    Markup html = new Markup();
    try {
      TemplateLibrary library = site.dispatcher().templates();
      List<String> names = library.names();
      if (names.isEmpty()) {
        Pieces.empty(
            html,
            "The store has no templates.",
            "Save one with dispatcher.templates().save(draft, \"you\"). Templates in files are not"
                + " listed: nobody can ask a folder on the class path what it has.");
        return html;
      }
      String name = asked.parameter("name").orElse(names.get(0));
      html.open("div", "class", "split").open("nav", "aria-label", "Templates", "class", "names");
      html.open("ul", "class", "list");
      for (String each : names) {
        html.open("li");
        String href = site.url("/templates?name=" + Asked.encoded(each));
        if (each.equals(name)) {
          html.leaf("a", each, "href", href, "aria-current", "true");
        } else {
          html.leaf("a", each, "href", href);
        }
        html.close("li");
      }
      html.close("ul", "nav").open("div");
      template(html, library, name, asked.parameter("version"));
      html.close("div", "div");
    } catch (NotifyException e) {
      Pieces.fault(html, String.valueOf(e.getMessage()));
    }
    return html;
  }

  private void template(
      Markup html, TemplateLibrary library, String name, Optional<String> wanted) {
    List<StoredTemplate> versions = library.versions(name);
    Optional<StoredTemplate> chosen =
        versions.stream()
            .filter(
                each ->
                    wanted.isEmpty()
                        ? each.status() == StoredTemplate.Status.ACTIVE
                        : wanted.get().equals(String.valueOf(each.version())))
            .findFirst()
            .or(() -> versions.stream().findFirst());
    html.leaf("h2", name);
    if (chosen.isEmpty()) {
      Pieces.empty(html, "There is no template of this name.", "Choose another.");
      return;
    }
    versions(html, versions, chosen.get());
    if (name.equals(StoredTemplate.PARTIALS)) {
      html.leaf("p", "Partials are parts of other templates; look at one that uses them.");
    } else {
      preview(html, chosen.get());
    }
    html.open("details").leaf("summary", "Texts");
    new TreeMap<>(chosen.get().draft().texts())
        .forEach((path, text) -> html.leaf("h3", path).leaf("pre", text));
    html.close("details");
  }

  private void versions(Markup html, List<StoredTemplate> versions, StoredTemplate chosen) {
    html.open("nav", "aria-label", "Versions", "class", "tabs");
    for (StoredTemplate each : versions) {
      String href =
          site.url("/templates?name=" + Asked.encoded(each.name()) + "&version=" + each.version());
      if (each.version() == chosen.version()) {
        html.open("a", "href", href, "aria-current", "true");
      } else {
        html.open("a", "href", href);
      }
      html.text(each.version() + " ");
      Pieces.chip(
          html,
          Pieces.words(each.status().name()),
          each.status() == StoredTemplate.Status.ACTIVE ? "good" : "plain");
      html.close("a");
    }
    html.close("nav").open("p", "class", "muted").text("Saved by " + chosen.savedBy() + ", ");
    Pieces.moment(html, chosen.savedAt());
    html.close("p");
  }

  private void preview(Markup html, StoredTemplate template) {
    TreeSet<String> channels = new TreeSet<>();
    TreeSet<String> locales = new TreeSet<>();
    for (String path : template.draft().texts().keySet()) {
      Matcher text = TEXT.matcher(path);
      if (text.matches()) {
        channels.add(text.group(2));
        locales.add(text.group(1) == null ? "" : text.group(1));
      }
    }
    html.open(
        "form",
        "action",
        site.url("/templates/preview"),
        "target",
        "preview",
        "id",
        "preview-form",
        "class",
        "filters");
    hidden(html, "name", template.name());
    hidden(html, "version", String.valueOf(template.version()));
    Pieces.choice(html, "channel", "Channel", channels, channels.first());
    html.open("label", "class", "field").leaf("span", "Language").open("select", "name", "locale");
    for (String locale : locales) {
      String shown =
          locale.isEmpty()
              ? "default"
              : Locale.forLanguageTag(locale).getDisplayName(Locale.ENGLISH) + " (" + locale + ")";
      html.leaf("option", shown, "value", locale);
    }
    html.close("select", "label").leaf("button", "Preview");
    html.open("label", "class", "field row").leaf("span", "Variables");
    String samples = json(template.draft().samples());
    int rows = (int) Math.min(12, 1 + samples.lines().count());
    html.leaf(
        "textarea",
        samples,
        "name",
        "variables",
        "rows",
        String.valueOf(rows),
        "spellcheck",
        "false");
    html.close("label", "form");
    String first =
        "/templates/preview?name="
            + Asked.encoded(template.name())
            + "&version="
            + template.version()
            + "&channel="
            + channels.first()
            + "&locale="
            + locales.first();
    html.leaf(
        "iframe",
        "",
        "name",
        "preview",
        "id",
        "preview",
        "class",
        "preview",
        "title",
        "Preview of the template",
        "src",
        site.url(first));
  }

  private static void hidden(Markup html, String name, String value) {
    html.open("input", "type", "hidden", "name", name, "value", value);
  }

  /** The preview alone, for its frame. */
  Markup preview(Asked asked) {
    Markup html = new Markup();
    try {
      String channel = asked.parameter("channel").orElse("");
      StringBuilder query = new StringBuilder("/templates/mail?");
      asked.query().forEach((name, value) -> query.append(pair(name, value)));
      Faces.show(
          html,
          Channel.of(channel),
          content(asked),
          "the reader",
          new Faces.Places(site.url(query.toString()), Optional.empty()));
    } catch (NotifyException e) {
      Pieces.fault(html, String.valueOf(e.getMessage()));
    }
    return html;
  }

  private static String pair(String name, String value) {
    return Asked.encoded(name) + "=" + Asked.encoded(value) + "&";
  }

  /** The HTML of the preview, for a frame in its frame. */
  String mail(Asked asked) {
    try {
      return MailFrame.of(content(asked));
    } catch (NotifyException e) {
      return new Markup().leaf("p", String.valueOf(e.getMessage())).toString();
    }
  }

  private Content content(Asked asked) {
    String name = asked.parameter("name").orElse("");
    int version = version(asked);
    Recipient.Builder reader = Recipient.builder("sample");
    asked.parameter("locale").ifPresent(tag -> reader.locale(Locale.forLanguageTag(tag)));
    Channel channel = Channel.of(asked.parameter("channel").orElse(""));
    TemplateLibrary library = site.dispatcher().templates();
    Optional<String> variables = asked.parameter("variables");
    return variables.isEmpty()
        ? library.preview(name, version, channel, reader.build())
        : library.preview(name, version, channel, reader.build(), variables(variables.get()));
  }

  private static int version(Asked asked) {
    try {
      return Integer.parseInt(asked.parameter("version").orElse(""));
    } catch (NumberFormatException e) {
      throw new ConfigurationException("version: is no number");
    }
  }

  private static Map<String, Object> variables(String json) {
    try {
      return JSON.readValue(json, VARIABLES);
    } catch (JsonProcessingException e) {
      throw new InvalidNotificationException(
          "variables", "are no object of JSON: " + e.getOriginalMessage());
    }
  }

  private static String json(Map<String, Object> samples) {
    try {
      return JSON.writeValueAsString(plain(samples));
    } catch (JsonProcessingException e) {
      return "{}";
    }
  }

  /** Moments become text, which templates read as well. */
  private static Object plain(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new TreeMap<>();
      map.forEach((name, each) -> plain.put(String.valueOf(name), plain(each)));
      return plain;
    } else if (value instanceof Collection<?> several) {
      List<Object> plain = new ArrayList<>();
      several.forEach(each -> plain.add(plain(each)));
      return plain;
    }
    return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
  }
}
