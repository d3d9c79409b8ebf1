package dev.notify.push;

import static dev.notify.push.Traits.bytes;
import static dev.notify.push.Traits.isAlert;
import static dev.notify.push.Traits.isUrgent;
import static dev.notify.push.Traits.object;
import static dev.notify.push.Traits.urgency;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Content;
import dev.notify.model.PushOptions;
import dev.notify.model.PushOptions.Action;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The body of {@code messages:send}, for Android, Apple and web at once, since a token does not
 * tell which of them it is. See the <a
 * href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages">REST
 * reference</a>.
 */
final class FcmMessage {

  /** Longest time to live that FCM takes. */
  static final Duration LONGEST_LIFE = Duration.ofDays(28);

  private FcmMessage() {}

  /** The request for a message, sent at {@code now}. */
  static byte[] request(OutboundMessage message, Instant now) {
    long life = Traits.secondsToLive(message, now, LONGEST_LIFE);
    ObjectNode body = visible(message.content(), message.reference());
    body.put("token", message.address().value());
    body.set("android", android(message, life));
    body.set("apns", apple(message, now.getEpochSecond() + life));
    body.set("webpush", web(message, life));
    return bytes(object().set("message", body));
  }

  /**
   * Bytes that count against FCM's limit: what the application on the device receives, on the
   * platform where that is most.
   */
  static int payloadBytes(Content content) {
    int common = bytes(visible(content, Traits.ANY_REFERENCE)).length;
    PushOptions push = content.push();
    IntStream own =
        push.equals(PushOptions.NONE)
            ? IntStream.empty()
            : Stream.of(
                    androidNotification(content), ApplePayload.aps(content), webNotification(push))
                .mapToInt(part -> bytes(part).length);
    return common + own.max().orElse(0);
  }

  private static ObjectNode visible(Content content, String reference) {
    ObjectNode message = object();
    if (isAlert(content)) {
      ObjectNode notification = message.putObject("notification");
      content.title().ifPresent(title -> notification.put("title", title));
      content.body().ifPresent(text -> notification.put("body", text));
      content.image().ifPresent(image -> notification.put("image", image));
    }
    ObjectNode data = message.putObject("data");
    // Sorted, so that a message has one form only and a test can name it.
    new TreeMap<>(content.data()).forEach(data::put);
    if (!content.push().actions().isEmpty()) {
      data.put(FcmProvider.ACTIONS_KEY, Traits.text(Traits.actions(content.push())));
    }
    content.link().ifPresent(link -> data.put(FcmProvider.LINK_KEY, link));
    data.put(FcmProvider.REFERENCE_KEY, reference);
    return message;
  }

  private static ObjectNode android(OutboundMessage message, long life) {
    Content content = message.content();
    ObjectNode android = object();
    android
        .put("priority", isUrgent(message.priority()) ? "HIGH" : "NORMAL")
        .put("ttl", life + "s");
    // Not the reference: a device keeps four keys only, and one a message would throw away what
    // waits for a phone that is off.
    content.push().collapseKey().ifPresent(key -> android.put("collapse_key", key));
    if (isAlert(content)) {
      // By the tag a repeated message takes the place of the first.
      android.set(
          "notification", androidNotification(content).put("tag", Traits.replaces(message)));
    }
    return android;
  }

  private static ObjectNode androidNotification(Content content) {
    PushOptions push = content.push();
    ObjectNode notification = object();
    push.android().channelId().ifPresent(id -> notification.put("channel_id", id));
    push.android().icon().ifPresent(name -> notification.put("icon", name));
    push.android().color().ifPresent(color -> notification.put("color", color));
    push.sound().ifPresent(name -> notification.put("sound", name));
    // Zero means to count one more there, the opposite of what is wanted.
    push.badge()
        .filter(number -> number > 0)
        .ifPresent(number -> notification.put("notification_count", number));
    return notification;
  }

  private static ObjectNode apple(OutboundMessage message, long expiration) {
    Content content = message.content();
    ObjectNode apns = object();
    apns.putObject("headers")
        .put("apns-push-type", ApplePayload.isBackground(content) ? "background" : "alert")
        .put("apns-priority", ApplePayload.isImmediate(content, message.priority()) ? "10" : "5")
        .put("apns-expiration", Long.toString(expiration))
        .put("apns-collapse-id", Traits.replaces(message));
    ObjectNode aps = ApplePayload.aps(content);
    if (aps.has("alert")) {
      // It stands for FCM's own, which would have the other words.
      ApplePayload.addWords(aps, content);
    }
    if (!aps.isEmpty()) {
      apns.putObject("payload").set("aps", aps);
    }
    return apns;
  }

  private static ObjectNode web(OutboundMessage message, long life) {
    Content content = message.content();
    PushOptions push = content.push();
    ObjectNode web = object();
    ObjectNode headers = web.putObject("headers");
    headers.put("TTL", Long.toString(life)).put("Urgency", urgency(message.priority()));
    push.collapseKey().ifPresent(key -> headers.put("Topic", Traits.topic(key)));
    ObjectNode notification = webNotification(push);
    if (isAlert(content) && !notification.isEmpty()) {
      web.set("notification", notification);
    }
    // FCM refuses the whole message for a link of another scheme; applications find theirs in the
    // data.
    content
        .link()
        .filter(link -> link.startsWith("https://"))
        .ifPresent(link -> web.putObject("fcm_options").put("link", link));
    return web;
  }

  private static ObjectNode webNotification(PushOptions push) {
    ObjectNode notification = object();
    push.web().icon().ifPresent(icon -> notification.put("icon", icon));
    push.web().badge().ifPresent(badge -> notification.put("badge", badge));
    push.collapseKey().ifPresent(key -> notification.put("tag", key));
    if (push.web().requiresInteraction()) {
      notification.put("requireInteraction", true);
    }
    if (!push.actions().isEmpty()) {
      ArrayNode actions = notification.putArray("actions");
      for (Action action : push.actions()) {
        actions.addObject().put("action", action.id()).put("title", action.title());
      }
    }
    return notification;
  }
}
