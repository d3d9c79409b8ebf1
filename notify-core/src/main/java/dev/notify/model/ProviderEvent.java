package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What a provider tells of a message after it took it, as a webhook, a report or an inbox brings
 * it.
 *
 * @param provider name of the provider, as on the dispatcher
 * @param providerMessageId the provider's id of the message; may be empty if there is a reference
 * @param reference our own reference, where the vendor hands it back
 * @param type what happened
 * @param at when, by the provider's clock
 * @param cause why, in words without anything personal; may be empty
 * @since 0.1
 */
public record ProviderEvent(
    String provider,
    String providerMessageId,
    Optional<String> reference,
    DeliveryEvent.Type type,
    Instant at,
    String cause) {

  /** An event of a message that is known by the provider's id. */
  public ProviderEvent(
      String provider,
      String providerMessageId,
      DeliveryEvent.Type type,
      Instant at,
      String cause) {
    this(provider, providerMessageId, Optional.empty(), type, at, cause);
  }

  /** The same with our own reference. */
  public ProviderEvent withReference(Optional<String> ours) {
    return new ProviderEvent(provider, providerMessageId, ours, type, at, cause);
  }
}
