package dev.notify.push;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What FCM's answers mean. Read in this order: the {@code errorCode} of the {@code FcmError}
 * detail, {@code error.status}, the HTTP status; the body may be empty or a proxy's HTML.
 *
 * @see <a href="https://firebase.google.com/docs/cloud-messaging/error-codes">error codes</a>
 */
final class FcmErrors {

  /** Google's advice where a 429 does not say how long. */
  static final Duration DEFAULT_WAIT = Duration.ofMinutes(1);

  private static final String FCM_ERROR = "google.firebase.fcm.v1.FcmError";

  private FcmErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer) {
    if (answer.isSuccess()) {
      return answer
          .text("name")
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("FCM answered " + answer.status() + " without a message name"));
    }
    JsonNode error = answer.json().path("error");
    String code = errorCode(error);
    return switch (code) {
      case "UNREGISTERED" ->
          Outcome.invalidAddress("the token is not registered any more (UNREGISTERED)");
      // Under a wrong service account that is said of every token there is.
      case "SENDER_ID_MISMATCH" ->
          Outcome.rejected("the token belongs to another Firebase project (SENDER_ID_MISMATCH)");
      case "INVALID_ARGUMENT" -> invalidArgument(error);
      case "QUOTA_EXCEEDED" -> throttled(answer, code);
      case "UNAVAILABLE", "INTERNAL" -> retryable(answer, code);
      case "THIRD_PARTY_AUTH_ERROR", "APNS_AUTH_ERROR" ->
          Outcome.misconfigured(
              "the APNs or web push key in the Firebase console is missing or wrong ("
                  + code
                  + ")");
      default -> byStatus(answer, error);
    };
  }

  /**
   * Whether a new access token may help: an authentication error that FCM itself did not explain.
   */
  static boolean blamesAccessToken(Answer answer) {
    return answer.status() == 401 && errorCode(answer.json().path("error")).isEmpty();
  }

  private static String errorCode(JsonNode error) {
    for (JsonNode detail : error.path("details")) {
      String code = detail.path("errorCode").asText("");
      if (detail.path("@type").asText("").endsWith(FCM_ERROR) && !code.isEmpty()) {
        return code;
      }
    }
    return "";
  }

  private static Outcome byStatus(Answer answer, JsonNode error) {
    String status = error.path("status").asText("");
    int http = httpOf(status).orElse(answer.status());
    String shown = "HTTP " + answer.status();
    return switch (http) {
      case 400 -> invalidArgument(error);
      case 401 -> Outcome.misconfigured("the service account is not accepted (" + shown + ")");
      case 403 ->
          Outcome.misconfigured(
              "the service account may not send, or the API is off (" + shown + ")");
      case 404 ->
          status.equals("NOT_FOUND")
              ? Outcome.rejected("the token or the project is unknown (NOT_FOUND)")
              : Outcome.misconfigured("no FCM at this base URL and project (" + shown + ")");
      case 429 -> throttled(answer, shown);
      case 500 -> status.isEmpty() ? byClass(answer, shown) : retryable(answer, shown);
      case 503 -> retryable(answer, shown);
      default -> byClass(answer, shown);
    };
  }

  private static Outcome byClass(Answer answer, String shown) {
    // Not in FCM's own words, or not to the point: how far it got, nobody knows.
    if (answer.status() >= 500 || answer.status() == 408) {
      return Outcome.unknown("FCM may have taken the message before it failed (" + shown + ")");
    }
    return answer.status() >= 400
        ? Outcome.rejected("FCM refused the message (" + shown + ")")
        : Outcome.misconfigured("no FCM at this base URL (" + shown + ")");
  }

  private static Optional<Integer> httpOf(String status) {
    return switch (status) {
      case "INVALID_ARGUMENT" -> Optional.of(400);
      case "UNAUTHENTICATED" -> Optional.of(401);
      case "PERMISSION_DENIED" -> Optional.of(403);
      case "NOT_FOUND" -> Optional.of(404);
      case "RESOURCE_EXHAUSTED" -> Optional.of(429);
      case "INTERNAL" -> Optional.of(500);
      case "UNAVAILABLE" -> Optional.of(503);
      default -> Optional.empty();
    };
  }

  /**
   * A bad token and a bad payload have the same code. Only words that are surely about the token
   * count against it: else one oversized message would retire every token it was sent to.
   */
  private static Outcome invalidArgument(JsonNode error) {
    return isAboutToken(error)
        ? Outcome.invalidAddress("the token is malformed (INVALID_ARGUMENT)")
        : Outcome.rejected("FCM refused the message (INVALID_ARGUMENT)");
  }

  private static boolean isAboutToken(JsonNode error) {
    for (JsonNode detail : error.path("details")) {
      for (JsonNode violation : detail.path("fieldViolations")) {
        if (violation.path("field").asText("").equals("message.token")) {
          return true;
        }
      }
    }
    String text = error.path("message").asText("").toLowerCase(Locale.ROOT);
    return text.contains("registration token is not a valid fcm registration token");
  }

  private static Outcome throttled(Answer answer, String shown) {
    return Outcome.throttled(
        "FCM's quota is used up (" + shown + ")", answer.retryAfter().orElse(DEFAULT_WAIT));
  }

  private static Outcome retryable(Answer answer, String shown) {
    return Outcome.retryable("FCM has a passing fault (" + shown + ")", answer.retryAfter());
  }
}
