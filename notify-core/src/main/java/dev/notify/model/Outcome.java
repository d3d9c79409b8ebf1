package dev.notify.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A provider's answer to one attempt. Exactly these seven: what happens next follows from which one
 * it is, not from a vendor's code.
 *
 * <p>Causes are short, for people, and hold no address, content or secret.
 *
 * @since 0.1
 */
public sealed interface Outcome {

  /** The provider has taken responsibility for the message. */
  static Outcome accepted(String providerMessageId) {
    return new Accepted(providerMessageId);
  }

  /** A passing fault; the message was surely not taken. */
  static Outcome retryable(String cause) {
    return new Retryable(cause, Optional.empty());
  }

  /** A passing fault, with the provider's word on when to come back. */
  static Outcome retryable(String cause, Duration retryAfter) {
    return new Retryable(cause, Optional.of(retryAfter));
  }

  /** Too many requests. */
  static Outcome throttled(String cause) {
    return new Throttled(cause, Optional.empty());
  }

  /** Too many requests, with the provider's word on when to come back. */
  static Outcome throttled(String cause, Duration retryAfter) {
    return new Throttled(cause, Optional.of(retryAfter));
  }

  /** The address is dead and must not be used again. */
  static Outcome invalidAddress(String cause) {
    return new InvalidAddress(cause, Optional.empty());
  }

  /** The message is refused for good. */
  static Outcome rejected(String cause) {
    return new Rejected(cause);
  }

  /** The account, its credentials or its quota are at fault. */
  static Outcome misconfigured(String cause) {
    return new Misconfigured(cause);
  }

  /** The request left and no answer came. */
  static Outcome unknown(String cause) {
    return new Unknown(cause);
  }

  /** A short description without anything personal. */
  String cause();

  /**
   * The provider has taken responsibility.
   *
   * @param providerMessageId the provider's id of the message, as later events will name it
   */
  record Accepted(String providerMessageId) implements Outcome {
    @Override
    public String cause() {
      return "accepted";
    }
  }

  /**
   * A passing fault, surely not taken: fail over, else retry later.
   *
   * @param cause what happened
   * @param retryAfter the provider's word on when to come back
   */
  record Retryable(String cause, Optional<Duration> retryAfter) implements Outcome {}

  /**
   * Too many requests: the provider rests, the message fails over or waits and burns no attempt.
   *
   * @param cause what happened
   * @param retryAfter the provider's word on when to come back
   */
  record Throttled(String cause, Optional<Duration> retryAfter) implements Outcome {}

  /**
   * The address is dead: it goes on the suppression list, unless registered after the verdict.
   *
   * @param cause what happened
   * @param since the moment it died, where the provider tells
   */
  record InvalidAddress(String cause, Optional<Instant> since) implements Outcome {}

  /**
   * The message is refused for good by any provider of this kind; the address is not at fault.
   *
   * @param cause what happened
   */
  record Rejected(String cause) implements Outcome {}

  /**
   * The account is at fault: the provider's breaker opens, the message fails over or waits and
   * burns no attempt.
   *
   * @param cause what happened
   */
  record Misconfigured(String cause) implements Outcome {}

  /**
   * The request left and no answer came; settled by look-up, by the same idempotency key, or held.
   *
   * @param cause what happened
   */
  record Unknown(String cause) implements Outcome {}
}
