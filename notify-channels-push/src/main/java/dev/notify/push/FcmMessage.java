package dev.notify.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Content;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/**
 * The body of {@code messages:send}, for Android, Apple and web at once, since a token does not
 * tell which of them it is. See the <a
 * href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages">REST
 * reference</a>.
 */
final class FcmMessage {

  /** Longest time to live that FCM takes. */
  static final Duration LONGEST_LIFE = Duration.ofDays(28);

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ANY_REFERENCE = "00000000-0000-0000-0000-000000000000";

  private FcmMessage() {}

  /** The request for a message, sent at {@code now}. */
  static byte[] request(OutboundMessage message, Instant now) {
    Content content = message.content();
    String reference = message.reference();
    long life = secondsToLive(message, now);

    ObjectNode body = visible(content, reference);
    body.put("token", message.address().value());
    addAndroid(body, content, message.priority(), life, reference);
    addApple(body, message, now.getEpochSecond() + life);
    addWeb(body, content, message.priority(), life);
    return bytes(object().set("message", body));
  }

  /** Bytes that count against FCM's limit: what the application on the device receives. */
  static int payloadBytes(Content content) {
    return bytes(visible(content, ANY_REFERENCE)).length;
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
    content.link().ifPresent(link -> data.put(FcmProvider.LINK_KEY, link));
    data.put(FcmProvider.REFERENCE_KEY, reference);
    return message;
  }

  private static void addAndroid(
      ObjectNode message, Content content, Priority priority, long life, String reference) {
    ObjectNode android = message.putObject("android");
    android.put("priority", isUrgent(priority) ? "HIGH" : "NORMAL").put("ttl", life + "s");
    if (isAlert(content)) {
      // A repeated message takes the place of the first. A collapse_key would do so too, but a
      // device
      // keeps four of them only: one a message would throw away what waits for a phone that is off.
      android.putObject("notification").put("tag", reference);
    }
  }

  private static void addApple(ObjectNode message, OutboundMessage outbound, long expiration) {
    Content content = outbound.content();
    boolean alert = isAlert(content);
    ObjectNode apns = message.putObject("apns");
    apns.putObject("headers")
        .put("apns-push-type", alert ? "alert" : "background")
        // APNs refuses a background message of high priority.
        .put("apns-priority", alert && isUrgent(outbound.priority()) ? "10" : "5")
        .put("apns-expiration", Long.toString(expiration))
        .put("apns-collapse-id", outbound.reference());
    if (!alert) {
      apns.putObject("payload").putObject("aps").put("content-available", 1);
    } else if (content.image().isPresent()) {
      // Without it the extension that fetches the picture is not started.
      apns.putObject("payload").putObject("aps").put("mutable-content", 1);
    }
  }

  private static void addWeb(ObjectNode message, Content content, Priority priority, long life) {
    ObjectNode web = message.putObject("webpush");
    web.putObject("headers").put("TTL", Long.toString(life)).put("Urgency", urgency(priority));
    // FCM refuses the whole message for a link of another scheme; applications find theirs in the
    // data.
    content
        .link()
        .filter(link -> link.startsWith("https://"))
        .ifPresent(link -> web.putObject("fcm_options").put("link", link));
  }

  private static long secondsToLive(OutboundMessage message, Instant now) {
    long seconds = Duration.between(now, message.expiresAt()).toSeconds();
    return Math.max(0, Math.min(seconds, LONGEST_LIFE.toSeconds()));
  }

  private static boolean isAlert(Content content) {
    return content.title().isPresent() || content.body().isPresent();
  }

  private static boolean isUrgent(Priority priority) {
    return priority == Priority.CRITICAL || priority == Priority.HIGH;
  }

  /** Words of RFC 8030, 5.3. */
  private static String urgency(Priority priority) {
    return switch (priority) {
      case CRITICAL, HIGH -> "high";
      case NORMAL -> "normal";
      case LOW -> "low";
    };
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static byte[] bytes(Object node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }
}
