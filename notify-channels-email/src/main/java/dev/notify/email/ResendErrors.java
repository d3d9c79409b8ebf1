package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Resend's answers mean. The error's name decides where it is known, else the status. The
 * table stands at {@link ResendProvider}.
 *
 * @see <a href="https://resend.com/docs/api-reference/errors">errors</a>
 */
final class ResendErrors {

  private static final int NOWHERE = -1;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private ResendErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer) {
    String error = answer.text("name").orElse("");
    Verdict verdict = Verdict.of("Resend", answer, error);
    if (answer.isSuccess()) {
      return verdict.accepted(answer.text("id"));
    }
    return switch (error) {
      case "missing_api_key", "restricted_api_key", "invalid_api_key", "invalid_region" ->
          verdict.badAccount();
      case "not_found", "method_not_allowed" -> verdict.badAccount();
      case "monthly_quota_exceeded" -> verdict.usedUp();
      case "invalid_from_address" -> verdict.badSender();
      case "validation_error" -> validation(answer, verdict);
      case "invalid_idempotency_key",
          "invalid_attachment",
          "invalid_access",
          "invalid_parameter",
          "missing_required_field",
          "security_error" ->
          verdict.refused();
      case "rate_limit_exceeded" -> verdict.throttled(untilReset(answer));
      case "daily_quota_exceeded" -> verdict.throttled(Optional.of(ReplyVerdict.ROLLING_QUOTA));
      // Another body under the key of a request that was taken: what became of that one?
      case "invalid_idempotent_request",
          "concurrent_idempotent_requests",
          "application_error",
          "internal_server_error" ->
          verdict.ambiguous();
      default ->
          answer.status() == 429 ? verdict.throttled(untilReset(answer)) : verdict.byStatus();
    };
  }

  /**
   * Whether the same mails went under this key before. In parts they would go again, under other
   * keys.
   */
  static boolean knowsTheKey(Answer answer) {
    return answer.text("name").filter("invalid_idempotent_request"::equals).isPresent();
  }

  /**
   * The outcomes of a batch that was taken. The ids are those of the good mails, in order; the
   * others are told by index.
   */
  static List<Outcome> outcomes(Answer answer, List<Letter> letters) {
    JsonNode json = answer.json();
    JsonNode ids = json.path("data");
    JsonNode errors = json.path("errors");
    Map<Integer, JsonNode> refused = new HashMap<>();
    for (JsonNode error : errors) {
      refused.put(index(error, letters.size()), error);
    }
    refused.remove(NOWHERE);
    if (refused.size() != errors.size() || ids.size() + errors.size() != letters.size()) {
      return BatchMail.all(letters, Verdict.of("Resend", answer, "").unclear());
    }
    Iterator<JsonNode> taken = ids.iterator();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < letters.size(); i++) {
      JsonNode error = refused.get(i);
      outcomes.add(
          error == null
              ? outcome(BatchMail.part(answer, taken.next()))
              : outcome(validationError(error)));
    }
    return outcomes;
  }

  private static int index(JsonNode error, int count) {
    JsonNode index = error.path("index");
    return index.isInt() && index.intValue() >= 0 && index.intValue() < count
        ? index.intValue()
        : NOWHERE;
  }

  /** What is said about one mail of a batch has neither a name nor a status. */
  private static Answer validationError(JsonNode error) {
    String body =
        HttpMail.object()
            .put("name", "validation_error")
            .put("message", error.path("message").asText(""))
            .toString();
    return new Answer(422, Optional.empty(), body);
  }

  static boolean blamesCopies(Answer answer) {
    String text = text(answer);
    return answer.text("name").filter("validation_error"::equals).isPresent()
        && (text.contains("`cc`") || text.contains("`bcc`"));
  }

  private static Outcome validation(Answer answer, Verdict verdict) {
    String text = text(answer);
    if (text.contains("testing emails")) {
      return verdict.notToThisAddress();
    }
    if (answer.status() == 403 || text.contains("`from`") || text.contains("not verified")) {
      return verdict.badSender();
    }
    return text.contains("`to`") ? verdict.deadAddress() : verdict.refused();
  }

  private static String text(Answer answer) {
    return answer.text("message").orElse("").toLowerCase(Locale.ROOT);
  }

  private static Optional<Duration> untilReset(Answer answer) {
    return answer
        .header("ratelimit-reset")
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }
}
