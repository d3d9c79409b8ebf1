package dev.notify.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Content;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.model.PushOptions.Action;
import dev.notify.spi.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What a message is like, in the words that several push services share. */
final class Traits {

  /** As long as any message's reference. */
  static final String ANY_REFERENCE = "00000000-0000-0000-0000-000000000000";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  // RFC 8030 allows - and _ too; Mozilla documents letters and digits only.
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9]{1,32}");
  private static final int TOPIC_BYTES = 16;

  private Traits() {}

  /** Whether there is something to show. */
  static boolean isAlert(Content content) {
    return content.title().isPresent() || content.body().isPresent();
  }

  /** Whether a device should be woken for it. */
  static boolean isUrgent(Priority priority) {
    return priority == Priority.CRITICAL || priority == Priority.HIGH;
  }

  /** Words of RFC 8030, 5.3. */
  static String urgency(Priority priority) {
    return switch (priority) {
      case CRITICAL, HIGH -> "high";
      case NORMAL -> "normal";
      case LOW -> "low";
    };
  }

  /** Seconds for which it is of use, from zero to what the service keeps it at most. */
  static long secondsToLive(OutboundMessage message, Instant now, Duration longest) {
    long seconds = Duration.between(now, message.expiresAt()).toSeconds();
    return Math.max(0, Math.min(seconds, longest.toSeconds()));
  }

  /** What a later message must share to take this one's place: its key, or itself. */
  static String replaces(OutboundMessage message) {
    return message.content().push().collapseKey().orElse(message.reference());
  }

  /** A {@code Topic} of RFC 8030, 5.4, which has fewer characters than a collapse key may have. */
  static String topic(String collapseKey) {
    if (TOPIC.matcher(collapseKey).matches()) {
      return collapseKey;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(collapseKey.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest, 0, TOPIC_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The buttons with what they open, as an application finds them beside its data. */
  static ArrayNode actions(PushOptions push) {
    ArrayNode actions = JsonNodeFactory.instance.arrayNode();
    for (Action action : push.actions()) {
      ObjectNode node = actions.addObject().put("action", action.id()).put("title", action.title());
      action.link().ifPresent(link -> node.put("link", link));
    }
    return actions;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] bytes(Object node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  static String text(Object node) {
    return new String(bytes(node), StandardCharsets.UTF_8);
  }
}
