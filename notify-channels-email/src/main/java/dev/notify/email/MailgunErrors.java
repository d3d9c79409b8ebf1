package dev.notify.email;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Mailgun's answers mean. They have no codes: the status decides, and within one the words.
 * The table stands at {@link MailgunProvider}.
 *
 * @see <a
 *     href="https://documentation.mailgun.com/docs/mailgun/api-reference/mg-errors">responses</a>
 */
final class MailgunErrors {

  private static final Pattern AGAIN_AFTER = Pattern.compile("try again after (.{20,30}) UTC");

  private MailgunErrors() {}

  /** The outcome of a call that was answered at {@code now}. */
  static Outcome outcome(Answer answer, Instant now) {
    Verdict verdict = Verdict.of("Mailgun", answer, "");
    if (answer.isSuccess()) {
      return verdict.accepted(
          answer
              .text("id")
              .map(id -> id.replace("<", "").replace(">", ""))
              .filter(id -> !id.isBlank()));
    }
    return switch (answer.status()) {
      case 400, 403 -> byWords(answer, verdict);
      // 420 is not in its documents, and comes all the same when a new domain is over its limit.
      case 420, 429 -> verdict.throttled(untilThen(answer, now));
      default -> verdict.byStatus();
    };
  }

  static boolean isAboutAddresses(Answer answer) {
    return answer.status() == 400
        && text(answer).matches("(?s)('?to'?|b?cc) parameter is not a valid address.*");
  }

  /** Whether it is about how many recipients a request has; the domain may send all the same. */
  static boolean isAboutTheCrowd(Answer answer) {
    return answer.status() == 403 && text(answer).contains("large batches");
  }

  private static Outcome byWords(Answer answer, Verdict verdict) {
    String text = text(answer);
    if (text.contains("authorized recipients")) {
      return verdict.notToThisAddress();
    }
    if (isAboutAddresses(answer)) {
      return verdict.deadAddress();
    }
    return text.contains("not allowed to send") ? verdict.badAccount() : verdict.byStatus();
  }

  private static String text(Answer answer) {
    return answer.text("message").orElse("").toLowerCase(Locale.ROOT);
  }

  private static Optional<Duration> untilThen(Answer answer, Instant now) {
    Matcher found = AGAIN_AFTER.matcher(answer.text("message").orElse(""));
    if (!found.find()) {
      return Optional.empty();
    }
    try {
      ZonedDateTime then =
          ZonedDateTime.parse(found.group(1) + " GMT", DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of(Duration.between(now, then.toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
