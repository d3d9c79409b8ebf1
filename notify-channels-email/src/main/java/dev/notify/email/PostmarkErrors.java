package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Postmark's answers mean. Its own code decides where there is one: it looks like an HTTP
 * status and is none. The table stands at {@link PostmarkProvider}.
 *
 * @see <a href="https://postmarkapp.com/developer/api/overview#error-codes">error codes</a>
 */
final class PostmarkErrors {

  private static final int INACTIVE = 406;
  private static final int INVALID_EMAIL = 300;
  private static final Pattern INACTIVE_ADDRESSES =
      Pattern.compile("inactive addresses:\\s*(.*?)\\.?\\s*(?:Inactive recipients|$)");
  private static final Pattern ABOUT_TO =
      Pattern.compile("(?:Invalid|Error parsing) 'To'.*", Pattern.DOTALL);
  private static final Pattern ABOUT_COPIES =
      Pattern.compile(
          "(?:Invalid|Error parsing) 'B?cc'.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern ABOUT_FROM =
      Pattern.compile("(?:Invalid|Error parsing) 'From'.*", Pattern.DOTALL);

  private PostmarkErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer, Letter letter) {
    int code = answer.json().path("ErrorCode").asInt();
    Verdict verdict = Verdict.of("Postmark", answer, code == 0 ? "" : "error-" + code);
    if (code == 0) {
      return answer.isSuccess() ? taken(answer, verdict, letter) : verdict.byStatus();
    }
    if (code >= 500 && code <= 522) {
      return verdict.badSender();
    }
    if (code >= 600 && code <= 611 || code >= 1221 && code <= 1237) {
      return verdict.badAccount();
    }
    return switch (code) {
      case 10, 405, 413 -> verdict.badAccount();
      case 100 -> verdict.unavailable();
      case INVALID_EMAIL -> invalidEmail(answer, verdict);
      case 400, 401 -> verdict.badSender();
      case INACTIVE -> verdict.deadAddress();
      case 412 -> verdict.notToThisAddress();
      case 429 -> verdict.throttled();
      default -> answer.isSuccess() ? verdict.refused() : verdict.byStatus();
    };
  }

  /** The outcomes of a batch that was taken: an answer for each of these, in their order. */
  static List<Outcome> outcomes(Answer answer, List<Letter> letters) {
    JsonNode answers = answer.json();
    if (!answers.isArray() || answers.size() != letters.size()) {
      return BatchMail.all(letters, Verdict.of("Postmark", answer, "").unclear());
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < letters.size(); i++) {
      outcomes.add(outcome(BatchMail.part(answer, answers.get(i)), letters.get(i)));
    }
    return outcomes;
  }

  static boolean blamesCopies(Answer answer, Letter letter) {
    int code = answer.json().path("ErrorCode").asInt();
    String text = answer.text("Message").orElse("");
    if (code == INACTIVE) {
      List<String> inactive = inactive(text);
      return !inactive.isEmpty() && !names(inactive, letter);
    }
    return code == INVALID_EMAIL && ABOUT_COPIES.matcher(text).lookingAt();
  }

  /** Postmark takes a mail as long as one address of it is active, and says who is left out. */
  private static Outcome taken(Answer answer, Verdict verdict, Letter letter) {
    return names(inactive(answer.text("Message").orElse("")), letter)
        ? verdict.deadAddress()
        : verdict.accepted(answer.text("MessageID"));
  }

  private static Outcome invalidEmail(Answer answer, Verdict verdict) {
    String text = answer.text("Message").orElse("");
    if (ABOUT_TO.matcher(text).lookingAt()) {
      return verdict.deadAddress();
    }
    return ABOUT_FROM.matcher(text).lookingAt() ? verdict.badSender() : verdict.refused();
  }

  private static boolean names(List<String> addresses, Letter letter) {
    return addresses.stream().anyMatch(letter.to().getAddress()::equalsIgnoreCase);
  }

  private static List<String> inactive(String text) {
    List<String> addresses = new ArrayList<>();
    Matcher found = INACTIVE_ADDRESSES.matcher(text);
    if (found.find()) {
      for (String address : found.group(1).split(",")) {
        addresses.add(address.strip());
      }
    }
    return addresses;
  }
}
