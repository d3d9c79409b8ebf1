package dev.notify.push;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.List;

/**
 * What push services' answers mean (<a href="https://www.rfc-editor.org/rfc/rfc8030">RFC 8030</a>,
 * RFC 8292, Mozilla's errno). Anybody can put up an endpoint and subscribe with it: what one says
 * of us or our rate counts only if the service is known.
 */
final class WebPushErrors {

  /** Where a 429 does not say how long. */
  static final Duration DEFAULT_WAIT = Duration.ofMinutes(1);

  /** Apple's, Google's and Mozilla's words for a subscription made with another VAPID key. */
  private static final List<String> OTHER_KEY =
      List.of(
          "VapidPkHashMismatch",
          "do not correspond to the credentials",
          "VAPID public key mismatch");

  /** Mozilla's bridge to another vendor was refused or not reached. */
  private static final int BRIDGE_MISCONFIGURED = 900;

  private static final int BRIDGE_UNREACHABLE = 902;

  private WebPushErrors() {}

  /** The outcome of a call that was answered by a service that is known, or by a stranger. */
  static Outcome outcome(Answer answer, boolean known, String reference) {
    String shown = "HTTP " + answer.status();
    return switch (answer.status()) {
      // Services name the message in a header; nothing is ever reported by that name.
      case 201, 202, 204 -> Outcome.accepted(reference);
      case 401, 403 -> refused(answer, known, shown);
      case 404, 410 -> Outcome.invalidAddress("the subscription has ended (" + shown + ")");
      case 413 -> Outcome.rejected("the message is too large (" + shown + ")");
      case 429 -> tooMany(answer, known, shown);
      case 502 -> badGateway(answer, shown);
      case 503 -> busy(answer, shown);
      default -> byClass(answer, shown, reference);
    };
  }

  private static Outcome refused(Answer answer, boolean known, String shown) {
    if (OTHER_KEY.stream().anyMatch(answer.body()::contains)) {
      return Outcome.rejected("the subscription was made with another VAPID key (" + shown + ")");
    }
    return known
        ? Outcome.misconfigured("the VAPID key or subject is not accepted (" + shown + ")")
        : Outcome.rejected("an unknown push service refused the message (" + shown + ")");
  }

  private static Outcome tooMany(Answer answer, boolean known, String shown) {
    String cause = "too many messages (" + shown + ")";
    Duration wait = answer.retryAfter().orElse(DEFAULT_WAIT);
    return known ? Outcome.throttled(cause, wait) : Outcome.retryable(cause, wait);
  }

  private static Outcome badGateway(Answer answer, String shown) {
    int errno = answer.json().path("errno").asInt();
    return errno >= BRIDGE_MISCONFIGURED && errno <= BRIDGE_UNREACHABLE
        ? busy(answer, shown)
        : Outcome.unknown("the push service has a fault (" + shown + ")");
  }

  private static Outcome busy(Answer answer, String shown) {
    return Outcome.retryable(
        "the push service has a passing fault (" + shown + ")", answer.retryAfter());
  }

  private static Outcome byClass(Answer answer, String shown, String reference) {
    int status = answer.status();
    if (answer.isSuccess()) {
      return answer.body().isBlank()
          ? Outcome.accepted(reference)
          : Outcome.unknown("the answer is not a push service's (" + shown + ")");
    }
    return status >= 500 || status == 408
        ? Outcome.unknown("the push service has a fault (" + shown + ")")
        : Outcome.rejected("the push service refused the message (" + shown + ")");
  }
}
