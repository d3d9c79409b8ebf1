package dev.notify.sms;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Amazon SNS's answers mean. They are XML with a code in words, which decides where it is
 * known, else the HTTP status. The table stands at {@link SnsProvider}.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors">
 *     errors of Publish</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html">common errors</a>
 */
final class SnsErrors {

  // One element of a known name is all that is wanted, which needs no parser and opens no entity.
  private static final Pattern ID = Pattern.compile("<MessageId>\\s*([0-9A-Za-z-]{1,100})\\s*</");
  private static final Pattern CODE = Pattern.compile("<Code>\\s*([A-Za-z]{1,60})\\s*</");

  private SnsErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer) {
    if (answer.isSuccess()) {
      return found(ID, answer)
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("SNS answered " + answer.status() + " without a MessageId"));
    }
    String code = found(CODE, answer).map(name -> name.replaceFirst("Exception$", "")).orElse("");
    String shown = code.isEmpty() ? "HTTP " + answer.status() : "error " + code;
    Refusal refusal = new Refusal("SNS", answer, shown);
    return switch (code) {
      case "AccessDenied",
          "AuthorizationError",
          "ExpiredToken",
          "IncompleteSignature",
          "InvalidClientTokenId",
          "InvalidSecurity",
          "MissingAuthenticationToken",
          "NotAuthorized",
          "OptInRequired",
          "RequestExpired",
          "SignatureDoesNotMatch",
          "UnrecognizedClient" ->
          refusal.account();
      case "Throttled", "Throttling", "RequestThrottled", "KMSThrottling" -> refusal.throttled();
      case "OptedOut" -> refusal.optedOut();
      case "InvalidParameter",
          "InvalidParameterValue",
          "ParameterValueInvalid",
          "Validation",
          "ValidationError" ->
          refusal.rejected();
      case "ServiceUnavailable" -> refusal.retryable();
      case "InternalError", "InternalFailure" -> refusal.unknown();
      default -> refusal.byStatus();
    };
  }

  private static Optional<String> found(Pattern element, Answer answer) {
    Matcher matcher = element.matcher(answer.body());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
