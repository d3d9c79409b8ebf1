package dev.notify.email;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import jakarta.mail.internet.InternetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * What Amazon SES's answers mean. The table stands at {@link SesProvider}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors">errors
 *     of SendEmail</a>, <a
 *     href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html">common
 *     errors</a>
 */
final class SesErrors {

  private SesErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer, Letter letter) {
    if (answer.isSuccess()) {
      return Verdict.of("SES", answer, "").accepted(answer.text("MessageId"));
    }
    String type = type(answer);
    Verdict verdict = Verdict.of("SES", answer, type);
    return switch (type) {
      case "AccessDenied",
          "UnrecognizedClient",
          "InvalidClientTokenId",
          "InvalidSignature",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "MissingAuthenticationToken",
          "NotAuthorized",
          "OptInRequired",
          "ExpiredToken",
          "RequestExpired",
          "AccountSuspended",
          "SendingPaused",
          "NotFound" ->
          verdict.badAccount();
      case "MailFromDomainNotVerified" -> verdict.badSender();
      case "MessageRejected" -> messageRejected(answer, verdict, letter);
      case "TooManyRequests", "LimitExceeded", "Throttling" -> throttled(answer, verdict);
      case "BadRequest" -> verdict.refused();
      case "Conflict", "ServiceUnavailable" -> verdict.unavailable();
      default -> answer.status() == 409 ? verdict.unavailable() : verdict.byStatus();
    };
  }

  /** A bad request does not say whose address it means. */
  static boolean blamesCopies(Answer answer) {
    return switch (type(answer)) {
      case "BadRequest" -> answer.status() == 400;
      case "MessageRejected" -> isNotVerified(answer);
      default -> false;
    };
  }

  private static Outcome messageRejected(Answer answer, Verdict verdict, Letter letter) {
    if (!isNotVerified(answer)) {
      return verdict.refused();
    }
    // In the sandbox recipients must be verified too, and one who is not must stop no other.
    return names(answer, letter.to()) && !names(answer, letter.sender().from())
        ? verdict.notToThisAddress()
        : verdict.badSender();
  }

  private static boolean names(Answer answer, InternetAddress address) {
    return Mentions.in(text(answer)).contains(address.getAddress().toLowerCase(Locale.ROOT));
  }

  private static boolean isNotVerified(Answer answer) {
    return text(answer).contains("not verified");
  }

  private static Outcome throttled(Answer answer, Verdict verdict) {
    return text(answer).contains("daily")
        ? verdict.throttled(Optional.of(ReplyVerdict.ROLLING_QUOTA))
        : verdict.throttled();
  }

  /** The error's name without what stands around it, for example {@code MessageRejected}. */
  private static String type(Answer answer) {
    String name =
        answer.header("x-amzn-ErrorType").or(() -> answer.text("__type")).orElse("").strip();
    return name.replaceFirst("^.*#", "").replaceFirst(":.*$", "").replaceFirst("Exception$", "");
  }

  private static String text(Answer answer) {
    return answer
        .text("message")
        .or(() -> answer.text("Message"))
        .orElse("")
        .toLowerCase(Locale.ROOT);
  }
}
