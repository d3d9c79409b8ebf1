package dev.notify.sms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;

/**
 * What MessageBird's answers mean. An answer lists errors, each with a code and the parameter that
 * it is about; the first one decides, and without one the HTTP status. The table stands at {@link
 * MessageBirdProvider}.
 *
 * @see <a href="https://developers.messagebird.com/api/#api-errors">API errors</a>
 */
final class MessageBirdErrors {

  private MessageBirdErrors() {}

  /**
   * The outcome of a call that was answered.
   *
   * @param senderIsByPrefix whether the sender is one for the number's prefix
   */
  static Outcome outcome(Answer answer, boolean senderIsByPrefix) {
    if (answer.isSuccess()) {
      return answer
          .text("id")
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("MessageBird answered " + answer.status() + " without an id"));
    }
    JsonNode error = answer.json().path("errors").path(0);
    int code = error.path("code").asInt();
    String shown = code == 0 ? "HTTP " + answer.status() : "error " + code;
    Refusal refusal = new Refusal("MessageBird", answer, shown);
    return switch (code) {
      case 2 -> refusal.account();
      case 9, 10 ->
          switch (error.path("parameter").asText()) {
            // Each call has one recipient, so "no (correct) recipients" is about this very number.
            case "recipient", "recipients" -> refusal.noMobileNumber();
            case "originator" -> refusal.sender(senderIsByPrefix);
            default -> refusal.rejected();
          };
      case 20, 98 -> Outcome.misconfigured("no MessageBird at this base URL (" + shown + ")");
      case 21 -> refusal.rejected();
      case 25 -> refusal.balance();
      case 99 -> refusal.unknown();
      default -> byStatus(refusal);
    };
  }

  private static Outcome byStatus(Refusal refusal) {
    return switch (refusal.answer().status()) {
      case 402 -> refusal.balance();
      case 503 -> refusal.retryable();
      default -> refusal.byStatus();
    };
  }
}
