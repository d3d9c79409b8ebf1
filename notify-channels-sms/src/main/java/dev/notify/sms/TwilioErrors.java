package dev.notify.sms;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;

/**
 * What Twilio's answers mean. The error code decides where it is known, else the HTTP status:
 * Twilio adds codes over time and asks not to depend on knowing all. The table stands at {@link
 * TwilioProvider}; codes of 30000 and above are mostly reported later, for a message taken before.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors">error dictionary</a>
 */
final class TwilioErrors {

  private TwilioErrors() {}

  /**
   * The outcome of a call that was answered.
   *
   * @param senderIsByPrefix whether the sender is one for the number's prefix
   */
  static Outcome outcome(Answer answer, boolean senderIsByPrefix) {
    if (answer.isSuccess()) {
      return answer
          .text("sid")
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("Twilio answered " + answer.status() + " without a message sid"));
    }
    int code = answer.json().path("code").asInt();
    String shown = code == 0 ? "HTTP " + answer.status() : "error " + code;
    Refusal refusal = new Refusal("Twilio", answer, shown);
    return switch (code) {
      case 10001, 20003, 20005, 20006, 20403, 20404, 30002 -> refusal.account();
      case 21212, 21601, 21603, 21606, 21607, 21659, 21660, 21661, 21701, 21703, 21705, 30034 ->
          refusal.sender(senderIsByPrefix);
      case 21609 -> Outcome.misconfigured("the status callback is not accepted (" + shown + ")");
      case 63038 -> Outcome.misconfigured("the account's daily limit is reached (" + shown + ")");
      case 20429, 21611, 30001, 30022, 63017, 63018 -> refusal.throttled();
      case 21211, 21214, 21217, 21265, 21614, 21635, 30005, 30006 -> refusal.noMobileNumber();
      case 21610 -> refusal.optedOut();
      case 21408, 21608, 21612, 21266 -> refusal.outOfReach();
      case 21602, 21605, 21617, 21619, 30004, 30007 -> refusal.rejected();
      case 20503 -> refusal.retryable();
      case 20500 -> refusal.unknown();
      default -> answer.status() == 503 ? refusal.retryable() : refusal.byStatus();
    };
  }
}
