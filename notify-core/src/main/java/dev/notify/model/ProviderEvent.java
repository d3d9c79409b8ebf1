package dev.notify.model;

import java.time.Instant;

/**
 * What a provider tells of a message after it took it, as a webhook, a report or an inbox brings
 * it.
 *
 * @param provider name of the provider, as on the dispatcher
 * @param providerMessageId the provider's id of the message
 * @param type what happened
 * @param at when, by the provider's clock
 * @param cause why, in words without anything personal; may be empty
 * @since 0.1
 */
public record ProviderEvent(
    String provider, String providerMessageId, DeliveryEvent.Type type, Instant at, String cause) {}
