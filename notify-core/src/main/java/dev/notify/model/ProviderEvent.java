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
 * @param recipient whom it is about, where the vendor says so: of a mail with copies, an event
 *     about somebody in copy says nothing about the recipient, and is left out
 * @param type what happened
 * @param at when, by the provider's clock; when it was told if that is not known
 * @param cause why, in words without anything personal; may be empty
 * @param isByMachine whether the provider takes what opened or clicked for a program
 * @param isUndated whether the provider does not say when: then a second event of the type is the
 *     first one told again
 * @since 0.1
 */
public record ProviderEvent(
    String provider,
    String providerMessageId,
    Optional<String> reference,
    Optional<String> recipient,
    DeliveryEvent.Type type,
    Instant at,
    String cause,
    boolean isByMachine,
    boolean isUndated) {

  /** An event of a message that is known by the provider's id. */
  public ProviderEvent(
      String provider,
      String providerMessageId,
      DeliveryEvent.Type type,
      Instant at,
      String cause) {
    this(
        provider,
        providerMessageId,
        Optional.empty(),
        Optional.empty(),
        type,
        at,
        cause,
        false,
        false);
  }

  /** The same with our own reference. */
  public ProviderEvent withReference(Optional<String> ours) {
    return new ProviderEvent(
        provider, providerMessageId, ours, recipient, type, at, cause, isByMachine, isUndated);
  }

  /** The same about this address. */
  public ProviderEvent about(Optional<String> address) {
    return new ProviderEvent(
        provider, providerMessageId, reference, address, type, at, cause, isByMachine, isUndated);
  }

  /** The same by a program. */
  public ProviderEvent byMachine() {
    return new ProviderEvent(
        provider, providerMessageId, reference, recipient, type, at, cause, true, isUndated);
  }

  /** The same without the provider's time. */
  public ProviderEvent undated() {
    return new ProviderEvent(
        provider, providerMessageId, reference, recipient, type, at, cause, isByMachine, true);
  }

  /** Whether a person has surely seen the message. */
  public boolean showsItWasSeen() {
    return type.showsItWasSeen() && !isByMachine;
  }

  /** Without the recipient. */
  @Override
  public String toString() {
    return "ProviderEvent[" + provider + ", " + providerMessageId + ", " + type + ", " + at + "]";
  }
}
