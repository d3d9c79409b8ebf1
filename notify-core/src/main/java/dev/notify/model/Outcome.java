package dev.notify.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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

  /** The longest time a provider can ask to be left alone; more is taken for this. */
  Duration LONGEST_WAIT = Duration.ofDays(1);

  /** The provider has taken responsibility for the message. */
  static Outcome accepted(String providerMessageId) {
    return new Accepted(providerMessageId);
  }

  /** A passing fault; the message was surely not taken. */
  static Outcome retryable(String cause) {
    return retryable(cause, Optional.empty());
  }

  /** A passing fault, with the provider's word on when to come back. */
  static Outcome retryable(String cause, Duration retryAfter) {
    return retryable(cause, Optional.of(retryAfter));
  }

  /** A passing fault, with the provider's word on when to come back, if it gave one. */
  static Outcome retryable(String cause, Optional<Duration> retryAfter) {
    return new Retryable(cause, retryAfter, false);
  }

  /** Too many requests. */
  static Outcome throttled(String cause) {
    return throttled(cause, Optional.empty());
  }

  /** Too many requests, with the provider's word on when to come back. */
  static Outcome throttled(String cause, Duration retryAfter) {
    return throttled(cause, Optional.of(retryAfter));
  }

  /** Too many requests, with the provider's word on when to come back, if it gave one. */
  static Outcome throttled(String cause, Optional<Duration> retryAfter) {
    return new Throttled(cause, retryAfter);
  }

  /** The address is dead and must not be used again. */
  static Outcome invalidAddress(String cause) {
    return new InvalidAddress(cause, Optional.empty());
  }

  /** The person told the provider to be left alone, by STOP for example. */
  static Outcome optedOut(String cause) {
    return new InvalidAddress(cause, Optional.empty(), Suppression.Kind.OPT_OUT);
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
    return new Unknown(cause, false);
  }

  /**
   * The same fault, of this address alone: of the recipient's own server, mailbox or device. It
   * does not count against the provider, whose breaker would else open for everybody. For what is
   * no fault, or never a provider's, the outcome itself.
   */
  default Outcome ofThisAddressOnly() {
    if (this instanceof Retryable retryable) {
      return new Retryable(retryable.cause(), retryable.retryAfter(), true);
    }
    return this instanceof Unknown ? new Unknown(cause(), true) : this;
  }

  /** A short description without anything personal; at most 1,000 characters are kept. */
  String cause();

  /** The same without words and without the provider's id. */
  default Outcome erased() {
    if (this instanceof Accepted) {
      return accepted("");
    } else if (this instanceof Retryable retryable) {
      return retryable("", retryable.retryAfter());
    } else if (this instanceof Throttled throttled) {
      return throttled("", throttled.retryAfter());
    } else if (this instanceof InvalidAddress invalid) {
      return new InvalidAddress("", invalid.since(), invalid.kind());
    } else if (this instanceof Rejected) {
      return rejected("");
    }
    return this instanceof Misconfigured ? misconfigured("") : unknown("");
  }

  /** What nobody means is taken for the nearest thing that somebody can. */
  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /**
   * The provider has taken responsibility.
   *
   * @param providerMessageId the provider's id of the message, as later events will name it
   */
  record Accepted(String providerMessageId) implements Outcome {

    /** Checks that there is an id. */
    public Accepted {
      Objects.requireNonNull(providerMessageId, "providerMessageId");
    }

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
   * @param addressOnly whether the provider itself is well, see {@link #ofThisAddressOnly}; known
   *     at the time of the attempt only
   */
  record Retryable(String cause, Optional<Duration> retryAfter, boolean addressOnly)
      implements Outcome {

    /** Bounds what came from outside. */
    public Retryable {
      cause = Text.shortened(cause);
      retryAfter = retryAfter.map(Outcome::bounded);
    }
  }

  /**
   * Too many requests: the provider rests, the message fails over or waits and burns no attempt.
   *
   * @param cause what happened
   * @param retryAfter the provider's word on when to come back
   */
  record Throttled(String cause, Optional<Duration> retryAfter) implements Outcome {

    /** Bounds what came from outside. */
    public Throttled {
      cause = Text.shortened(cause);
      retryAfter = retryAfter.map(Outcome::bounded);
    }
  }

  /**
   * The address must not be used: it goes on the suppression list, by {@link Suppression}'s rules.
   *
   * @param cause what happened
   * @param since the moment it died, where the provider tells
   * @param kind why: mostly that it is dead; that the person opted out, or complained, where the
   *     provider says so
   */
  record InvalidAddress(String cause, Optional<Instant> since, Suppression.Kind kind)
      implements Outcome {

    /** Bounds what came from outside. */
    public InvalidAddress {
      cause = Text.shortened(cause);
      Objects.requireNonNull(since, "since");
      if (kind == Suppression.Kind.MANUAL) {
        throw new IllegalArgumentException("kind: MANUAL is the application's word alone");
      }
    }

    /** A dead address. */
    public InvalidAddress(String cause, Optional<Instant> since) {
      this(cause, since, Suppression.Kind.DEAD_ADDRESS);
    }
  }

  /**
   * The message is refused for good by any provider of this kind; the address is not at fault.
   *
   * @param cause what happened
   */
  record Rejected(String cause) implements Outcome {

    /** Bounds what came from outside. */
    public Rejected {
      cause = Text.shortened(cause);
    }
  }

  /**
   * The account is at fault: the provider's breaker opens, the message fails over or waits and
   * burns no attempt.
   *
   * @param cause what happened
   */
  record Misconfigured(String cause) implements Outcome {

    /** Bounds what came from outside. */
    public Misconfigured {
      cause = Text.shortened(cause);
    }
  }

  /**
   * The request left and no answer came; settled by look-up, by the same idempotency key, or held.
   *
   * @param cause what happened
   * @param addressOnly whether the provider itself is well, see {@link #ofThisAddressOnly}; known
   *     at the time of the attempt only
   */
  record Unknown(String cause, boolean addressOnly) implements Outcome {

    /** Bounds what came from outside. */
    public Unknown {
      cause = Text.shortened(cause);
    }
  }
}
