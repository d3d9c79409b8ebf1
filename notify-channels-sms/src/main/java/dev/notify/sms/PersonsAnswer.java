package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.WebhookReport;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text message that a person sent to us.
 *
 * @param id the vendor's id of it: told again, it is no news
 * @param from the number, with or without its {@code +}
 * @param verdict what the vendor takes it for: STOP, START or HELP, if it says so
 * @param text what the person wrote
 */
record PersonsAnswer(Optional<String> id, String from, @Nullable String verdict, String text) {

  /** An answer of which the vendor has no opinion. */
  PersonsAnswer(Optional<String> id, String from, String text) {
    this(id, from, null, text);
  }

  /** What is learned from it: an opt-out, its end, or nothing. */
  WebhookReport heardBy(String provider, Instant at) {
    String number = from.startsWith("+") ? from : "+" + from;
    if (!PhoneNumber.E164.matcher(number).matches()) {
      return WebhookReport.EMPTY;
    }
    return OptOutWords.type(verdict, text)
        .map(type -> new AddressEvent(provider, Address.sms(number), type, at, "answered by SMS"))
        .map(event -> event.withId(id))
        .map(WebhookReport::of)
        .orElse(WebhookReport.EMPTY);
  }

  @Override
  public String toString() {
    return "PersonsAnswer";
  }
}
