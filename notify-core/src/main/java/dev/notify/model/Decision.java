package dev.notify.model;

import java.time.Instant;

/**
 * What a policy says about one delivery.
 *
 * @since 0.1
 */
public sealed interface Decision {

  /** Nothing against it. */
  Decision ALLOW = new Allow();

  /** Not before this moment. */
  static Decision defer(Instant until, Reason reason) {
    return new Defer(until, reason);
  }

  /** Not at all. */
  static Decision suppress(Reason reason) {
    return new Suppress(reason);
  }

  /** Nothing against it. */
  record Allow() implements Decision {
    @Override
    public String toString() {
      return "allow";
    }
  }

  /**
   * Not before a moment.
   *
   * @param until when to ask again
   * @param reason why
   */
  record Defer(Instant until, Reason reason) implements Decision {
    @Override
    public String toString() {
      return "defer until " + until + ": " + reason;
    }
  }

  /**
   * Not at all.
   *
   * @param reason why
   */
  record Suppress(Reason reason) implements Decision {
    @Override
    public String toString() {
      return "suppress: " + reason;
    }
  }
}
