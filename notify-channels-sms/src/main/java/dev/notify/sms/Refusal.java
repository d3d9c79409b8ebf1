package dev.notify.sms;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;

/**
 * An answer that is no success, and the outcomes that mean the same at every vendor.
 *
 * @param vendor who answered
 * @param answer the answer
 * @param shown the vendor's code or the HTTP status, for the cause
 */
record Refusal(String vendor, Answer answer, String shown) {

  /** What the HTTP status alone says. */
  Outcome byStatus() {
    return switch (answer.status()) {
      case 401, 403 -> account();
      case 404 -> Outcome.misconfigured("no such account at this base URL (" + shown + ")");
      case 429 -> throttled();
      default -> byClass();
    };
  }

  private Outcome byClass() {
    // 408 too: nobody says how much of the request the server had read.
    if (answer.status() >= 500 || answer.status() == 408) {
      return unknown();
    }
    return answer.status() >= 400
        ? rejected()
        : Outcome.misconfigured("no " + vendor + " at this base URL (" + shown + ")");
  }

  /** The credentials or the account are at fault. */
  Outcome account() {
    return Outcome.misconfigured("the account or its token is not accepted (" + shown + ")");
  }

  /** There is no money left on the account. */
  Outcome balance() {
    return Outcome.misconfigured("the account's balance is used up (" + shown + ")");
  }

  /**
   * The sender is at fault: whoever the recipient, or, if it is one for the number's prefix, for
   * some countries only. Those must not stop the messages to all others.
   */
  Outcome sender(boolean isByPrefix) {
    return isByPrefix
        ? Outcome.rejected("the sender for the number's prefix cannot be used (" + shown + ")")
        : Outcome.misconfigured("the sender cannot be used (" + shown + ")");
  }

  /** This message is refused. */
  Outcome rejected() {
    return Outcome.rejected(vendor + " refused the message (" + shown + ")");
  }

  /** The number is none that takes text messages. */
  Outcome noMobileNumber() {
    return Outcome.invalidAddress("no mobile number (" + shown + ")");
  }

  /** The person wants no messages. */
  Outcome optedOut() {
    return Outcome.optedOut("the recipient has opted out by STOP (" + shown + ")");
  }

  /** This number is out of the account's reach. */
  Outcome outOfReach() {
    return Outcome.rejected("this account cannot reach the number (" + shown + ")");
  }

  /** Nobody knows whether it was taken. */
  Outcome unknown() {
    return Outcome.unknown(vendor + " may have taken the message before it failed (" + shown + ")");
  }

  /** Too many messages, with the vendor's word on when to come back. */
  Outcome throttled() {
    return Outcome.throttled("too many messages (" + shown + ")", answer.retryAfter());
  }

  /** Surely not taken, with the vendor's word on when to come back. */
  Outcome retryable() {
    return Outcome.retryable(vendor + " is not available (" + shown + ")", answer.retryAfter());
  }

  @Override
  public String toString() {
    return vendor + ": " + shown;
  }
}
