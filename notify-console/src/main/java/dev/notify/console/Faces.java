package dev.notify.console;

import dev.notify.model.Attachment;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.PushOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Content as its recipient would see it, channel by channel. */
final class Faces {

  private Faces() {}

  /**
   * Addresses of what a page only leads to.
   *
   * @param frame the mail's HTML; not asked for unless there is some
   * @param files below which an attachment is, by its place; empty if they cannot be had
   */
  record Places(String frame, Optional<String> files) {}

  /**
   * Shows content.
   *
   * @param to the recipient, as it may be shown
   * @param places where what is not on the page itself is
   */
  static void show(Markup html, Channel channel, Content content, String to, Places places) {
    html.open("div", "class", "face face-" + kind(channel));
    switch (channel.name()) {
      case "email" -> mail(html, content, to, places);
      case "sms" -> sms(html, content, to);
      case "push" -> push(html, content);
      default -> card(html, content);
    }
    html.close("div");
  }

  private static String kind(Channel channel) {
    return switch (channel.name()) {
      case "email", "sms", "push" -> channel.name();
      default -> "card";
    };
  }

  private static void mail(Markup html, Content content, String to, Places places) {
    html.open("div", "class", "mail-head");
    html.leaf("p", content.title().orElse("(no subject)"), "class", "subject");
    html.open("dl", "class", "facts");
    Pieces.fact(html, "To", to);
    content.email().replyTo().ifPresent(reply -> Pieces.fact(html, "Reply to", reply.masked()));
    content.email().cc().forEach(copy -> Pieces.fact(html, "Cc", copy.masked()));
    content.email().headers().forEach((name, value) -> Pieces.fact(html, name, value));
    html.close("dl", "div");
    String plain = content.body().orElse("");
    if (content.html().isPresent()) {
      html.leaf(
          "iframe",
          "",
          "class",
          "mail-body",
          "title",
          "The mail, as HTML",
          "sandbox",
          "allow-popups allow-popups-to-escape-sandbox",
          "referrerpolicy",
          "no-referrer",
          "src",
          places.frame());
      html.open("details").leaf("summary", "Plain text");
      html.leaf("pre", plain.isBlank() ? "(made from the HTML when it is sent)" : plain);
      html.close("details");
    } else {
      html.leaf("pre", plain, "class", "mail-text");
    }
    attachments(html, content.attachments(), places.files());
  }

  private static void attachments(Markup html, List<Attachment> all, Optional<String> files) {
    if (!all.isEmpty()) {
      html.open("ul", "class", "files", "aria-label", "Attachments");
      for (int place = 0; place < all.size(); place++) {
        Attachment file = all.get(place);
        html.open("li");
        if (files.isPresent()) {
          html.leaf("a", file.fileName(), "href", files.get() + "/" + place, "download", "");
        } else {
          html.leaf("strong", file.fileName());
        }
        html.leaf("span", file.contentType() + ", " + size(file.size()), "class", "muted");
        html.close("li");
      }
      html.close("ul");
    }
  }

  private static String size(int bytes) {
    return bytes < 10_240 ? bytes + " bytes" : bytes / 1_024 + " KiB";
  }

  private static void sms(Markup html, Content content, String to) {
    String text = content.body().orElse("");
    html.leaf("p", to, "class", "muted center").leaf("p", text, "class", "bubble");
    html.leaf("p", SmsParts.of(text).toString(), "class", "muted parts");
  }

  private static void push(Markup html, Content content) {
    PushOptions options = content.push();
    html.open("div", "class", "push-card").open("div", "class", "push-head");
    html.leaf("span", "", "class", "push-icon", "aria-hidden", "true").leaf("span", "Your app");
    html.leaf("span", "now", "class", "muted");
    options.badge().ifPresent(count -> html.leaf("span", "badge " + count, "class", "chip plain"));
    html.close("div");
    html.leaf("p", content.title().orElse(""), "class", "subject");
    options.apple().subtitle().ifPresent(text -> html.leaf("p", text, "class", "subtitle"));
    html.leaf("p", content.body().orElse(""), "class", "push-text");
    content.image().ifPresent(image -> image(html, image));
    if (!options.actions().isEmpty()) {
      html.open("ul", "class", "push-actions", "aria-label", "Buttons");
      options.actions().forEach(action -> html.leaf("li", action.title()));
      html.close("ul");
    }
    html.close("div").open("dl", "class", "facts");
    content.link().ifPresent(link -> Pieces.fact(html, "Opens", link));
    options
        .actions()
        .forEach(
            action ->
                Pieces.fact(
                    html,
                    "Button " + action.id(),
                    action.link().map(link -> "opens " + link).orElse("tells the app")));
    options.sound().ifPresent(sound -> Pieces.fact(html, "Sound", sound));
    options.collapseKey().ifPresent(key -> Pieces.fact(html, "Replaces", key));
    html.close("dl");
    data(html, content.data());
  }

  /** Pictures are not fetched: whoever looks would be told to their host. */
  private static void image(Markup html, String address) {
    html.open("div", "class", "picture");
    if (address.regionMatches(true, 0, "data:image/", 0, 11)) {
      html.open("img", "src", address, "alt", "The picture of the notification");
    } else {
      html.leaf("span", "Picture from " + address, "class", "muted");
    }
    html.close("div");
  }

  private static void card(Markup html, Content content) {
    html.open("div", "class", "push-card");
    html.leaf("p", content.title().orElse(""), "class", "subject");
    html.leaf("p", content.body().orElse(""), "class", "push-text");
    content.image().ifPresent(image -> image(html, image));
    html.close("div").open("dl", "class", "facts");
    content.link().ifPresent(link -> Pieces.fact(html, "Opens", link));
    html.close("dl");
    data(html, content.data());
  }

  private static void data(Markup html, Map<String, String> data) {
    if (!data.isEmpty()) {
      html.leaf("h3", "Data").open("dl", "class", "facts");
      new TreeMap<>(data).forEach((name, value) -> html.leaf("dt", name).leaf("dd", value));
      html.close("dl");
    }
  }
}
