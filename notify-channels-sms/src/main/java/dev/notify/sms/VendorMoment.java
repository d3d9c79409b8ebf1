package dev.notify.sms;

import dev.notify.http.WebhookProof;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** When a vendor says that something happened. */
final class VendorMoment {

  private VendorMoment() {}

  /** A moment with its offset (ISO 8601); empty if the vendor says nothing that can be read. */
  static Optional<Instant> of(String text) {
    try {
      // In an address a plus that was not escaped is read as a space.
      OffsetDateTime told = OffsetDateTime.parse(text.strip().replace(' ', '+'));
      return Optional.of(WebhookProof.believable(told.toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** An event at the vendor's moment; without one it is told now, and can be told again. */
  static ProviderEvent event(
      String provider,
      String messageId,
      Type type,
      Optional<Instant> at,
      Instant now,
      String cause) {
    ProviderEvent event = new ProviderEvent(provider, messageId, type, at.orElse(now), cause);
    return at.isPresent() ? event : event.undated();
  }
}
