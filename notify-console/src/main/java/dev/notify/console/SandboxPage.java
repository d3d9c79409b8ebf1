package dev.notify.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Attachment;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sandbox took, as its recipients would see it. */
final class SandboxPage {

  /** Messages that are listed; the sandbox may keep more. */
  private static final int LISTED = 100;

  private static final List<Integer> DELAYS = List.of(0, 500, 2_000, 10_000);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Site site;

  SandboxPage(Site site) {
    this.site = site;
  }

  Markup page(Asked asked) {
    Markup html = new Markup();
    if (site.sandbox().isEmpty()) {
      Pieces.empty(
          html,
          "There is no sandbox.",
          "Make one with Sandbox.create(), give its providers() to the dispatcher's builder, and"
              + " start the console with Console.builder().sandbox(sandbox).");
      return html;
    }
    Sandbox sandbox = site.sandbox().get();
    boolean shown = asked.isSet("addresses", "shown");
    String channel = asked.parameter("channel").orElse("");
    Optional<SandboxMessage> chosen = asked.parameter("message").flatMap(this::find);
    tools(html, sandbox, channel, shown);
    html.open("div", "class", chosen.isPresent() ? "inbox chosen" : "inbox");
    list(html, sandbox, channel, shown, chosen);
    html.open("section", "class", "reader", "aria-label", "Message");
    if (chosen.isPresent()) {
      html.open("p", "class", "back");
      html.leaf("a", "All messages", "href", site.url("/sandbox" + query(channel, shown)));
      html.close("p");
      message(html, chosen.get(), shown);
    } else if (asked.parameter("message").isPresent()) {
      Pieces.empty(
          html, "This message is not kept any more.", "Only the newest are. Choose another.");
    } else {
      Pieces.empty(html, "No message is chosen.", "Choose one to see it as its recipient would.");
    }
    html.close("section", "div");
    return html;
  }

  private Optional<SandboxMessage> find(String number) {
    try {
      return site.sandbox().flatMap(sandbox -> sandbox.find(Long.parseLong(number)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String query(String channel, boolean shown) {
    String query =
        (channel.isEmpty() ? "" : "&channel=" + Asked.encoded(channel))
            + (shown ? "&addresses=shown" : "");
    return query.isEmpty() ? "" : "?" + query.substring(1);
  }

  private void tools(Markup html, Sandbox sandbox, String channel, boolean shown) {
    html.open("div", "class", "toolbar").open("nav", "aria-label", "Channel", "class", "tabs");
    tab(html, "All", "", channel, shown);
    for (Channel each : sandbox.channels()) {
      tab(html, label(each), each.name(), channel, shown);
    }
    html.close("nav");
    html.leaf(
        "a",
        shown ? "Mask addresses" : "Show addresses",
        "class",
        "button quiet",
        "href",
        site.url("/sandbox" + query(channel, !shown)));
    site.form(html, "/sandbox/clear", "inline").leaf("button", "Clear all", "class", "quiet");
    html.close("form", "div");
    html.open("details", "class", "behaviour").leaf("summary", "Let it fail, bounce or wait");
    html.open("div", "class", "behaviours");
    sandbox.channels().forEach(each -> behaviour(html, each, sandbox.behaviour(each)));
    html.close("div", "details");
    html.leaf("p", "", "id", "news", "role", "status", "class", "muted");
  }

  private void tab(Markup html, String label, String name, String chosen, boolean shown) {
    String href = site.url("/sandbox" + query(name, shown));
    if (name.equals(chosen)) {
      html.leaf("a", label, "href", href, "aria-current", "true");
    } else {
      html.leaf("a", label, "href", href);
    }
  }

  static String label(Channel channel) {
    return switch (channel.name()) {
      case "email" -> "E-mail";
      case "sms" -> "SMS";
      case "push" -> "Push";
      case "inapp" -> "In-app";
      default -> channel.name();
    };
  }

  private void behaviour(Markup html, Channel channel, SandboxBehaviour behaviour) {
    site.form(html, "/sandbox/behaviour", "card compact");
    html.open("input", "type", "hidden", "name", "channel", "value", channel.name());
    html.leaf("h2", label(channel)).open("label", "class", "field").leaf("span", "Messages");
    html.open("select", "name", "kind");
    for (SandboxBehaviour.Kind kind : SandboxBehaviour.Kind.values()) {
      option(html, kind.name(), kind.label(), kind == behaviour.kind());
    }
    html.close("select", "label").open("label", "class", "field").leaf("span", "Answer after");
    html.open("select", "name", "delay");
    for (int delay : DELAYS) {
      String text = delay == 0 ? "no time" : delay < 1_000 ? delay + " ms" : delay / 1_000 + " s";
      option(html, String.valueOf(delay), text, delay == behaviour.delay().toMillis());
    }
    html.close("select", "label");
    html.leaf("button", "Set " + label(channel));
    html.leaf("p", behaviour.kind().explanation(), "class", "muted").close("form");
  }

  private static void option(Markup html, String value, String text, boolean chosen) {
    if (chosen) {
      html.leaf("option", text, "value", value, "selected", "");
    } else {
      html.leaf("option", text, "value", value);
    }
  }

  private void list(
      Markup html,
      Sandbox sandbox,
      String channel,
      boolean shown,
      Optional<SandboxMessage> chosen) {
    List<SandboxMessage> listed = listed(sandbox, channel);
    html.open("div", "class", "messages");
    if (listed.isEmpty()) {
      html.open("div", "id", "no-messages");
      Pieces.empty(
          html,
          "Nothing has arrived.",
          "Send a notification: it appears here, whatever its channel, and leaves no trace outside.");
      html.close("div");
    }
    html.open(
        "ol",
        "id",
        "messages",
        "class",
        "list",
        "aria-label",
        "Messages, the newest first",
        "data-newest",
        String.valueOf(sandbox.taken()),
        "data-channel",
        channel,
        "data-addresses",
        shown ? "shown" : "");
    for (SandboxMessage each : listed) {
      html.open("li");
      String href =
          site.url(
              "/sandbox?message="
                  + each.number()
                  + query(channel, shown).replaceFirst("^\\?", "&"));
      boolean current = chosen.filter(one -> one.number() == each.number()).isPresent();
      if (current) {
        html.open("a", "href", href, "aria-current", "true");
      } else {
        html.open("a", "href", href);
      }
      Pieces.chip(html, label(each.message().address().channel()), "plain");
      html.leaf("strong", title(each.message().content()));
      html.leaf("span", address(each.message(), shown), "class", "muted");
      Pieces.moment(html, each.at());
      html.close("a", "li");
    }
    html.close("ol", "div");
  }

  private static List<SandboxMessage> listed(Sandbox sandbox, String channel) {
    return sandbox.messages().stream()
        .filter(
            each -> channel.isEmpty() || each.message().address().channel().name().equals(channel))
        .limit(LISTED)
        .toList();
  }

  private static String title(Content content) {
    String title = content.title().filter(text -> !text.isBlank()).or(content::body).orElse("");
    return title.isBlank()
        ? "(no title)"
        : title.length() > 80 ? title.substring(0, 79) + "…" : title;
  }

  private static String address(OutboundMessage message, boolean shown) {
    return shown ? message.address().value() : message.address().masked();
  }

  private void message(Markup html, SandboxMessage kept, boolean shown) {
    OutboundMessage message = kept.message();
    html.leaf("h2", label(message.address().channel()) + " to " + message.recipientId());
    Faces.show(
        html,
        message.address().channel(),
        message.content(),
        address(message, shown),
        new Faces.Places(
            site.url("/sandbox/" + kept.number() + "/mail"),
            Optional.of(site.url("/sandbox/" + kept.number() + "/files"))));
    html.leaf("h3", "About it").open("dl", "class", "facts");
    html.leaf("dt", "Story").open("dd");
    html.leaf(
        "a",
        message.notificationId().toString(),
        "href",
        site.url("/notifications/" + message.notificationId()));
    html.close("dd");
    Pieces.fact(html, "Person", message.recipientId());
    Pieces.fact(html, "Address", address(message, shown));
    Pieces.fact(html, "Category", message.category().name());
    Pieces.fact(html, "Priority", Pieces.words(message.priority().name()));
    Pieces.fact(html, "Provider", kept.provider());
    Pieces.fact(html, "Delivery", message.deliveryId().toString());
    new java.util.TreeMap<>(message.metadata())
        .forEach((name, value) -> Pieces.fact(html, "Note " + name, value));
    html.leaf("dt", "Taken").open("dd");
    Pieces.moment(html, kept.at());
    html.close("dd", "dl");
  }

  /** A file that came with a message, by its place. */
  Optional<Attachment> file(String number, String place) {
    int index = Integer.parseInt(place);
    return find(number)
        .map(kept -> kept.message().content().attachments())
        .filter(files -> index < files.size())
        .map(files -> files.get(index));
  }

  /** The HTML of a mail, for its frame. */
  Optional<String> mail(String number) {
    return find(number)
        .map(kept -> kept.message().content())
        .filter(content -> content.html().isPresent())
        .map(MailFrame::of);
  }

  /** What came after a message, for the page to add. */
  ObjectNode data(Asked asked) {
    ObjectNode data = JSON.createObjectNode();
    ArrayNode news = data.putArray("messages");
    if (site.sandbox().isPresent()) {
      Sandbox sandbox = site.sandbox().get();
      boolean shown = asked.isSet("addresses", "shown");
      long after = number(asked.parameter("after").orElse("0"));
      data.put("newest", sandbox.taken());
      for (SandboxMessage each : listed(sandbox, asked.parameter("channel").orElse(""))) {
        if (each.number() > after) {
          ObjectNode one = news.addObject();
          one.put("number", each.number());
          one.put("channel", label(each.message().address().channel()));
          one.put("title", title(each.message().content()));
          one.put("address", address(each.message(), shown));
          one.put("at", each.at().toString());
        }
      }
    }
    return data;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Sets what becomes of a channel's messages, as a form says. */
  void behave(Map<String, String> form) {
    Sandbox sandbox =
        site.sandbox().orElseThrow(() -> new ConfigurationException("there is no sandbox"));
    try {
      sandbox.behave(
          Channel.of(form.getOrDefault("channel", "")),
          new SandboxBehaviour(
              SandboxBehaviour.Kind.valueOf(form.getOrDefault("kind", "")),
              Duration.ofMillis(Long.parseLong(form.getOrDefault("delay", "0")))));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("kind or delay: there is no such choice");
    }
  }
}
