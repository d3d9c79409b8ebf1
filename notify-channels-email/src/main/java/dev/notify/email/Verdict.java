package dev.notify.email;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Outcomes in the same words for every vendor of mail, and the meaning of a status where the vendor
 * says no more.
 *
 * @param vendor the vendor's name
 * @param answer what it said
 * @param shown the code of its error, which is all that is shown of it
 */
record Verdict(String vendor, Answer answer, String shown) {

  private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** Over an answer whose error has no code, or this one. */
  static Verdict of(String vendor, Answer answer, String code) {
    String shown = SHOWN.matcher(code).matches() ? code : "HTTP " + answer.status();
    return new Verdict(vendor, answer, shown);
  }

  Outcome accepted(Optional<String> id) {
    return id.map(Outcome::accepted)
        .orElse(Outcome.unknown(vendor + " answered " + answer.status() + " without an id"));
  }

  /** An answer to several mails that does not tell what became of which. */
  Outcome unclear() {
    return Outcome.unknown(vendor + " did not answer for each of the mails (" + shown + ")");
  }

  Outcome badAccount() {
    return Outcome.misconfigured("the account or its key is not accepted (" + shown + ")");
  }

  Outcome badSender() {
    return Outcome.misconfigured("the sender cannot be used (" + shown + ")");
  }

  Outcome usedUp() {
    return Outcome.misconfigured("the account's quota is used up (" + shown + ")");
  }

  Outcome deadAddress() {
    return Outcome.invalidAddress(vendor + " takes no mail to the address (" + shown + ")");
  }

  Outcome refused() {
    return Outcome.rejected(vendor + " refused the message (" + shown + ")");
  }

  /** An account on trial; another recipient may well be reached. */
  Outcome notToThisAddress() {
    return Outcome.rejected("this account cannot send to the address (" + shown + ")");
  }

  Outcome throttled() {
    return throttled(Optional.empty());
  }

  /** Too many; the header's time comes before this one, which may have passed already. */
  Outcome throttled(Optional<Duration> otherwise) {
    String cause = "too many messages (" + shown + ")";
    return Outcome.throttled(
        cause,
        answer.retryAfter().or(() -> otherwise.filter(wait -> wait.compareTo(Duration.ZERO) > 0)));
  }

  /** Surely nothing was done. */
  Outcome unavailable() {
    return Outcome.retryable(vendor + " is not available (" + shown + ")", answer.retryAfter());
  }

  /** Nobody knows how far it got. */
  Outcome ambiguous() {
    return Outcome.unknown(vendor + " may have taken the message before it failed (" + shown + ")");
  }

  Outcome byStatus() {
    return switch (answer.status()) {
      case 401, 402, 403 -> badAccount();
      case 404, 405 -> notHere();
      case 429 -> throttled();
      case 503 -> unavailable();
      default -> byClass();
    };
  }

  private Outcome byClass() {
    // 408 too: nobody says how much of the request the server had read.
    if (answer.status() >= 500 || answer.status() == 408) {
      return ambiguous();
    }
    return answer.status() >= 400 ? refused() : notHere();
  }

  private Outcome notHere() {
    return Outcome.misconfigured("no " + vendor + " at this base URL (" + shown + ")");
  }
}
