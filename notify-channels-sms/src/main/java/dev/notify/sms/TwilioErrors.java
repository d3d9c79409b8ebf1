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

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer) {
    if (answer.isSuccess()) {
      return answer
          .text("sid")
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("Twilio answered " + answer.status() + " without a message sid"));
    }
    int code = answer.json().path("code").asInt();
    String shown = code == 0 ? "HTTP " + answer.status() : "error " + code;
    return switch (code) {
      case 10001, 20003, 20005, 20006, 20403, 20404, 30002 ->
          Outcome.misconfigured("the account or its token is not accepted (" + shown + ")");
      case 21212, 21601, 21603, 21606, 21607, 21659, 21660, 21661, 21701, 21703, 21705, 30034 ->
          Outcome.misconfigured("the sender cannot be used (" + shown + ")");
      case 21609 -> Outcome.misconfigured("the status callback is not accepted (" + shown + ")");
      case 63038 -> Outcome.misconfigured("the account's daily limit is reached (" + shown + ")");
      case 20429, 21611, 30001, 30022, 63017, 63018 -> throttled(answer, shown);
      case 21211, 21214, 21217, 21265, 21614, 21635, 30005, 30006 ->
          Outcome.invalidAddress("no mobile number (" + shown + ")");
      case 21610 -> Outcome.invalidAddress("the recipient has opted out by STOP (" + shown + ")");
      case 21408, 21608, 21612, 21266 ->
          Outcome.rejected("this account cannot reach the number (" + shown + ")");
      case 21602, 21605, 21617, 21619, 30004, 30007 ->
          Outcome.rejected("Twilio refused the message (" + shown + ")");
      case 20503 -> retryable(answer, shown);
      case 20500 ->
          Outcome.unknown("Twilio may have taken the message before it failed (" + shown + ")");
      default -> byStatus(answer, shown);
    };
  }

  private static Outcome byStatus(Answer answer, String shown) {
    return switch (answer.status()) {
      case 401, 403 ->
          Outcome.misconfigured("the account or its token is not accepted (" + shown + ")");
      case 404 -> Outcome.misconfigured("no such account at this base URL (" + shown + ")");
      case 429 -> throttled(answer, shown);
      case 503 -> retryable(answer, shown);
      default -> byClass(answer, shown);
    };
  }

  private static Outcome byClass(Answer answer, String shown) {
    // 408 too: nobody says how much of the request the server had read.
    if (answer.status() >= 500 || answer.status() == 408) {
      return Outcome.unknown("Twilio may have taken the message before it failed (" + shown + ")");
    }
    return answer.status() >= 400
        ? Outcome.rejected("Twilio refused the message (" + shown + ")")
        : Outcome.misconfigured("no Twilio at this base URL (" + shown + ")");
  }

  private static Outcome throttled(Answer answer, String shown) {
    String cause = "too many messages (" + shown + ")";
    return answer
        .retryAfter()
        .map(wait -> Outcome.throttled(cause, wait))
        .orElse(Outcome.throttled(cause));
  }

  private static Outcome retryable(Answer answer, String shown) {
    String cause = "Twilio is not available (" + shown + ")";
    return answer
        .retryAfter()
        .map(wait -> Outcome.retryable(cause, wait))
        .orElse(Outcome.retryable(cause));
  }
}
