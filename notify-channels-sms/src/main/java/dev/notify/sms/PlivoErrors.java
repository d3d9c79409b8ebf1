package dev.notify.sms;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.util.Locale;
import java.util.Optional;

/**
 * What Plivo's answers mean. An answer has a sentence for people and no code, so the HTTP status
 * decides; Plivo's numbered errors come later, by {@link PlivoWebhook}. The table stands at {@link
 * PlivoProvider}.
 *
 * @see <a href="https://www.plivo.com/docs/messaging/api/response/">API responses</a>
 */
final class PlivoErrors {

  private PlivoErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer) {
    if (answer.isSuccess()) {
      return Optional.ofNullable(answer.json().path("message_uuid").path(0).textValue())
          .filter(id -> !id.isBlank())
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("Plivo answered " + answer.status() + " without a message_uuid"));
    }
    Refusal refusal = new Refusal("Plivo", answer, "HTTP " + answer.status());
    if (answer.status() == 402 || lacksCredit(answer)) {
      return refusal.balance();
    }
    // Of 403 Plivo says that the country is not among those the account may reach.
    return answer.status() == 403 ? refusal.outOfReach() : refusal.byStatus();
  }

  /** The one sentence that Plivo documents: for two minutes after a message failed for it. */
  private static boolean lacksCredit(Answer answer) {
    return answer.status() >= 400
        && answer.status() < 500
        && answer
            .text("error")
            .filter(error -> error.toLowerCase(Locale.ROOT).contains("insufficient credit"))
            .isPresent();
  }
}
