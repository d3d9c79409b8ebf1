package dev.notify.email;

import java.util.Locale;
import java.util.Optional;

/**
 * Where an SMTP dialogue (RFC 5321, section 3) stands: what was said last and waits for an answer.
 */
enum Step {
  CONNECT("connecting"),
  HELLO("EHLO"),
  STARTTLS("STARTTLS"),
  AUTH("AUTH"),
  MAIL("MAIL FROM"),
  RCPT("RCPT TO"),
  DATA("DATA"),
  /** The content is on its way, its final dot is not: the relay cannot have taken the message. */
  CONTENT("the content"),
  /** The final dot is on its way: only the answer can tell whether the message was taken. */
  END("the end of the content");

  private final String words;

  Step(String words) {
    this.words = words;
  }

  /** How a person reads it. */
  String words() {
    return words;
  }

  /** Whether the dialogue is still about us and no message has been named. */
  boolean isBeforeMail() {
    return compareTo(MAIL) < 0;
  }

  /** The step that a command begins; empty for housekeeping such as RSET, NOOP and QUIT. */
  static Optional<Step> begunBy(String command) {
    String verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    return switch (verb) {
      case "EHLO", "HELO" -> Optional.of(HELLO);
      case "STARTTLS" -> Optional.of(STARTTLS);
      case "AUTH" -> Optional.of(AUTH);
      case "MAIL" -> Optional.of(MAIL);
      case "RCPT" -> Optional.of(RCPT);
      case "DATA" -> Optional.of(DATA);
      case "." -> Optional.of(END);
      default -> Optional.empty();
    };
  }
}
