package dev.notify.push;

import dev.notify.model.Outcome;
import dev.notify.push.ApnsReply.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What APNs' answers mean. Apple's reason decides; the HTTP status only where there is none that is
 * known.
 *
 * @see <a
 *     href="https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns">Handling
 *     notification responses from APNs</a>
 */
final class ApnsErrors {

  /** Apple allows a new token every twenty minutes; the one in use goes on meanwhile. */
  static final Duration AFTER_TOKEN_UPDATES = Duration.ofMinutes(1);

  private static final String EXPIRED_PROVIDER_TOKEN = "ExpiredProviderToken";

  private static final Set<String> DEAD_TOKENS =
      Set.of("Unregistered", "ExpiredToken", "BadDeviceToken");

  private static final Set<String> BAD_ACCOUNTS =
      Set.of(
          "BadTopic",
          "MissingTopic",
          "TopicDisallowed",
          "BadCertificate",
          "BadCertificateEnvironment",
          EXPIRED_PROVIDER_TOKEN,
          "Forbidden",
          "InvalidProviderToken",
          "MissingProviderToken",
          "UnrelatedKeyIdInToken",
          "BadEnvironmentKeyIdInToken",
          "BadEnvironmentKeyInToken");

  private static final Set<String> BAD_MESSAGES =
      Set.of(
          // Under a wrong topic that is said of every token there is.
          "DeviceTokenNotForTopic",
          "BadCollapseId",
          "BadExpirationDate",
          "BadMessageId",
          "BadPriority",
          "DuplicateHeaders",
          "InvalidPushType",
          "MissingDeviceToken",
          "PayloadEmpty",
          "BadPath",
          "MethodNotAllowed",
          "PayloadTooLarge");

  private static final Set<String> PASSING =
      Set.of("InternalServerError", "ServiceUnavailable", "Shutdown", "IdleTimeout");

  private ApnsErrors() {}

  /** The outcome of a call that was answered, for a message with this reference. */
  static Outcome outcome(Answer answer, String reference) {
    if (answer.isSuccess()) {
      return Outcome.accepted(answer.id().isEmpty() ? reference : answer.id());
    }
    String reason = answer.reason();
    if (DEAD_TOKENS.contains(reason)) {
      return dead(reason, answer.since());
    }
    if (BAD_ACCOUNTS.contains(reason)) {
      return Outcome.misconfigured("APNs does not accept topic, key or environment: " + reason);
    }
    if (BAD_MESSAGES.contains(reason)) {
      return Outcome.rejected("APNs refused the message: " + reason);
    }
    if (PASSING.contains(reason)) {
      return Outcome.retryable("APNs has a passing fault: " + reason);
    }
    return switch (reason) {
      // One device's limit: everybody else's messages must not rest for it.
      case "TooManyRequests" ->
          Outcome.retryable("too many messages to this device: " + reason).ofThisAddressOnly();
      case "TooManyProviderTokenUpdates" -> Outcome.throttled(reason, AFTER_TOKEN_UPDATES);
      default -> byStatus(answer);
    };
  }

  /** Whether a new connection, which gets a token of its own, may help. APNs looked no further. */
  static boolean blamesProviderToken(Answer answer) {
    return answer.reason().equals(EXPIRED_PROVIDER_TOKEN);
  }

  private static Outcome dead(String reason, Optional<Instant> since) {
    return new Outcome.InvalidAddress("the device token is dead: " + reason, since);
  }

  /** Reasons that Apple adds in years to come are not repeated: they could hold anything. */
  private static Outcome byStatus(Answer answer) {
    String shown = "HTTP " + answer.status();
    return switch (answer.status()) {
      case 403 -> Outcome.misconfigured("APNs does not accept topic, key or environment: " + shown);
      case 410 -> dead(shown, answer.since());
      case 429 -> Outcome.throttled("too many messages: " + shown);
      case 503 -> Outcome.retryable("APNs is not there: " + shown);
      default -> byClass(answer.status(), shown);
    };
  }

  private static Outcome byClass(int status, String shown) {
    if (status >= 400 && status < 500) {
      return Outcome.rejected("APNs refused the message: " + shown);
    }
    return status >= 500
        ? Outcome.unknown("APNs has a fault: " + shown)
        : Outcome.misconfigured("no APNs at this address: " + shown);
  }
}
