package dev.notify.sms;

import dev.notify.model.Content;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What every text message is: a body, for a while. */
final class TextBody {

  private TextBody() {}

  /** The text that is sent. */
  static String of(OutboundMessage message) {
    return message.content().body().orElse("");
  }

  /** Why there is nothing to send, or more characters than the vendor takes. */
  static Optional<String> problemWith(Content content, String vendor, int longest) {
    int length = content.body().filter(body -> !body.isBlank()).map(String::length).orElse(0);
    if (length == 0) {
      return Optional.of("a text message needs a body");
    }
    return length <= longest
        ? Optional.empty()
        : Optional.of(
            "body has " + length + " characters, " + vendor + " takes at most " + longest);
  }

  /** Seconds for which the message is of use, within what the vendor takes. */
  static long validity(OutboundMessage message, Instant now, long shortest, long longest) {
    long seconds = Duration.between(now, message.expiresAt()).toSeconds();
    return Math.max(shortest, Math.min(seconds, longest));
  }
}
