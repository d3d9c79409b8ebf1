package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What SendGrid's answers mean. They have no codes: the status decides, and for a bad request the
 * field that it is about. The table stands at {@link SendGridProvider}.
 *
 * @see <a href="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors">errors</a>
 */
final class SendGridErrors {

  private static final Pattern TO = Pattern.compile("personalizations\\.\\d+\\.to\\.\\d+\\.email");
  private static final Pattern COPY = Pattern.compile("personalizations\\.\\d+\\.b?cc\\b.*");
  private static final Pattern FROM = Pattern.compile("from(\\..*)?");
  private static final Pattern SHARED =
      Pattern.compile("(subject|content|categories|reply_to|from)(\\..*)?");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

  private SendGridErrors() {}

  /** The outcome of a call that was answered at {@code now}. */
  static Outcome outcome(Answer answer, Instant now) {
    Verdict verdict = Verdict.of("SendGrid", answer, "");
    if (answer.isSuccess()) {
      return verdict.accepted(answer.header("X-Message-Id"));
    }
    return switch (answer.status()) {
      case 400 -> badRequest(answer, verdict);
      case 429 -> verdict.throttled(untilReset(answer, now));
      default -> verdict.byStatus();
    };
  }

  /** One id covers the whole request; with the reference it is this mail's alone. */
  static Outcome takenAmong(Answer answer, Letter letter) {
    return Verdict.of("SendGrid", answer, "")
        .accepted(answer.header("X-Message-Id").map(id -> id + "." + letter.reference()));
  }

  /** Whether a request was refused over what its mails share, and no part of it would be taken. */
  static boolean blamesAll(Answer answer) {
    JsonNode errors = answer.json().path("errors");
    for (JsonNode error : errors) {
      if (!SHARED.matcher(error.path("field").asText("")).matches()) {
        return false;
      }
    }
    return answer.status() == 400 && !errors.isEmpty();
  }

  static boolean blamesCopies(Answer answer) {
    return answer.status() == 400 && isAbout(answer, COPY);
  }

  private static Outcome badRequest(Answer answer, Verdict verdict) {
    if (isAbout(answer, TO)) {
      return verdict.deadAddress();
    }
    return isAbout(answer, FROM) ? verdict.badSender() : verdict.refused();
  }

  private static boolean isAbout(Answer answer, Pattern field) {
    for (JsonNode error : answer.json().path("errors")) {
      if (field.matcher(error.path("field").asText("")).matches()) {
        return true;
      }
    }
    return false;
  }

  /** The header names a moment in seconds of the epoch. */
  private static Optional<Duration> untilReset(Answer answer, Instant now) {
    return answer
        .header("X-RateLimit-Reset")
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> Duration.between(now, Instant.ofEpochSecond(Long.parseLong(text))));
  }
}
