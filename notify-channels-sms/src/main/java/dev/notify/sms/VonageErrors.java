package dev.notify.sms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the answers of Vonage's Messages API mean. An error is a problem document (RFC 7807) whose
 * {@code type} ends in a code: a number of the Messages API, or a word that all of Vonage's
 * interfaces share. The code decides where it is known, else the HTTP status. The table stands at
 * {@link VonageProvider}.
 *
 * @see <a href="https://developer.vonage.com/en/api-errors/messages">Messages API errors</a>
 * @see <a href="https://developer.vonage.com/en/api-errors">errors of all interfaces</a>
 */
final class VonageErrors {

  private static final Pattern FRAGMENT = Pattern.compile("[^#]*#([a-z-]{1,40}|\\d{4})");
  private static final Pattern NUMBER = Pattern.compile("\\d{4}");

  private VonageErrors() {}

  /**
   * The outcome of a call that was answered.
   *
   * @param senderIsByPrefix whether the sender is one for the number's prefix
   */
  static Outcome outcome(Answer answer, boolean senderIsByPrefix) {
    if (answer.isSuccess()) {
      return answer
          .text("message_uuid")
          .map(Outcome::accepted)
          .orElse(
              Outcome.unknown("Vonage answered " + answer.status() + " without a message_uuid"));
    }
    String code = code(answer.json());
    String shown = code.isEmpty() ? "HTTP " + answer.status() : "error " + code;
    Refusal refusal = new Refusal("Vonage", answer, shown);
    return switch (code) {
      case "unauthorized",
          "forbidden",
          "unprovisioned",
          "account-suspended",
          "jwt-expired",
          "jwt-revoked",
          "invalid-api-key",
          "invalid-signature",
          "1060",
          "1080",
          "1110",
          "1140" ->
          refusal.account();
      case "low-balance", "1070" -> refusal.balance();
      case "throttled", "1000" -> refusal.throttled();
      case "1170", "1190", "1430" -> refusal.noMobileNumber();
      case "1240" -> refusal.optedOut();
      case "1120" -> senderIsByPrefix ? refusal.sender(true) : refusal.outOfReach();
      case "1050", "1160" -> refusal.outOfReach();
      case "1010", "1020", "1021", "1022", "1040", "1090", "1130", "1150", "invalid-params" ->
          refusal.rejected();
      case "1100", "1241" -> refusal.retryable();
      case "1030", "1320", "internal-error" -> refusal.unknown();
      default -> answer.status() == 402 ? refusal.balance() : refusal.byStatus();
    };
  }

  /**
   * The code of a problem document: of its {@code type}, or, in a status report, of its {@code
   * title}.
   */
  static String code(JsonNode problem) {
    Matcher type = FRAGMENT.matcher(problem.path("type").asText());
    if (type.matches()) {
      return type.group(1);
    }
    String title = problem.path("title").asText();
    return NUMBER.matcher(title).matches() ? title : "";
  }
}
