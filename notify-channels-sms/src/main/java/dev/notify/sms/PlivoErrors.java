package dev.notify.sms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What Plivo's answers mean. An answer has a sentence for people and no code, so the HTTP status
 * decides; Plivo's numbered errors come later, by {@link PlivoWebhook}. The table stands at {@link
 * PlivoProvider}.
 *
 * @see <a href="https://www.plivo.com/docs/messaging/api/response/">API responses</a>
 */
final class PlivoErrors {

  private static final Outcome INVALID_NUMBER =
      Outcome.rejected("Plivo refused the message (invalid_number)");

  private PlivoErrors() {}

  /** The outcome of a call that was answered. */
  static Outcome outcome(Answer answer) {
    if (answer.isSuccess()) {
      return alone(answer.json());
    }
    Refusal refusal = new Refusal("Plivo", answer, "HTTP " + answer.status());
    if (answer.status() == 402 || lacksCredit(answer)) {
      return refusal.balance();
    }
    // Of 403 Plivo says that the country is not among those the account may reach.
    return answer.status() == 403 ? refusal.outOfReach() : refusal.byStatus();
  }

  private static Outcome alone(JsonNode body) {
    return texts(body.path("message_uuid")).stream()
        .findFirst()
        .filter(id -> !id.isEmpty())
        .map(Outcome::accepted)
        .orElseGet(
            () ->
                texts(body.path("invalid_number")).isEmpty()
                    ? Outcome.unknown("Plivo took the message and named no message_uuid")
                    : INVALID_NUMBER);
  }

  /**
   * The outcomes of a call to several numbers, none of them twice, that succeeded: the ids are of
   * those that were not refused, in the order of the call.
   */
  static List<Outcome> outcomes(Answer answer, List<String> numbers) {
    JsonNode body = answer.json();
    List<String> ids = texts(body.path("message_uuid"));
    List<String> refused =
        texts(body.path("invalid_number")).stream()
            .map(number -> number.startsWith("+") ? number.substring(1) : number)
            .toList();
    boolean fits =
        Set.copyOf(ids).size() == ids.size()
            && !ids.contains("")
            && Set.copyOf(refused).size() == refused.size()
            && numbers.containsAll(refused)
            && ids.size() + refused.size() == numbers.size();
    if (!fits) {
      return Collections.nCopies(
          numbers.size(),
          Outcome.unknown("Plivo did not answer for each of " + numbers.size() + " messages"));
    }
    Set<String> invalid = Set.copyOf(refused);
    Iterator<String> next = ids.iterator();
    return numbers.stream()
        .map(number -> invalid.contains(number) ? INVALID_NUMBER : Outcome.accepted(next.next()))
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    if (array.isArray()) {
      array.forEach(one -> texts.add(one.asText("").strip()));
    }
    return texts;
  }

  /** The one sentence that Plivo documents: for two minutes after a message failed for it. */
  private static boolean lacksCredit(Answer answer) {
    return answer.status() >= 400
        && answer.status() < 500
        && answer
            .text("error")
            .filter(error -> error.toLowerCase(Locale.ROOT).contains("insufficient credit"))
            .isPresent();
  }
}
