package dev.notify.push;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Content;
import dev.notify.model.PushOptions;
import java.util.TreeMap;

/**
 * What a service worker reads with {@code event.data.json()}. The names are those of {@code
 * showNotification}'s options where it has them, so that a worker can hand the whole over.
 */
final class WebPushMessage {

  private WebPushMessage() {}

  /** The message, with the tag by which a later one takes its place. */
  static byte[] payload(Content content, String tag, String reference) {
    ObjectNode payload = Traits.object();
    content.title().ifPresent(title -> payload.put("title", title));
    content.body().ifPresent(text -> payload.put("body", text));
    content.image().ifPresent(image -> payload.put("image", image));
    content.link().ifPresent(link -> payload.put("link", link));
    addOptions(payload, content.push());
    ObjectNode data = payload.putObject("data");
    // Sorted, so that a message has one form only and a test can name it.
    new TreeMap<>(content.data()).forEach(data::put);
    return Traits.bytes(payload.put("tag", tag).put("reference", reference));
  }

  private static void addOptions(ObjectNode payload, PushOptions push) {
    push.web().icon().ifPresent(icon -> payload.put("icon", icon));
    push.web().badge().ifPresent(badge -> payload.put("badge", badge));
    push.badge().ifPresent(number -> payload.put("appBadge", number));
    if (push.web().requiresInteraction()) {
      payload.put("requireInteraction", true);
    }
    if (!push.actions().isEmpty()) {
      payload.set("actions", Traits.actions(push));
    }
  }

  /** Bytes that count against the limit. */
  static int bytes(Content content) {
    String tag = content.push().collapseKey().orElse(Traits.ANY_REFERENCE);
    return payload(content, tag, Traits.ANY_REFERENCE).length;
  }
}
