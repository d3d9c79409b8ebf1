package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * An address that must not be used, and why.
 *
 * @param address the address
 * @param kind what kind of verdict it is
 * @param cause why, in words
 * @param at since when
 * @param until until when; for good where absent
 * @since 0.1
 */
public record Suppression(
    Address address, Kind kind, String cause, Instant at, Optional<Instant> until) {

  /** What kind of verdict an entry is. */
  public enum Kind {
    /**
     * The address does not exist any more. An address registered after the verdict is a new one.
     */
    DEAD_ADDRESS,
    /** The person reported spam. */
    COMPLAINT,
    /** The person said STOP or unsubscribed from everything. */
    OPT_OUT,
    /** The application's word. */
    MANUAL
  }

  /** A verdict for good. */
  public static Suppression of(Address address, Kind kind, String cause, Instant at) {
    return new Suppression(address, kind, cause, at, Optional.empty());
  }

  /** Whether it holds for this registration of the address at this moment. */
  public boolean holdsFor(Address candidate, Instant now) {
    if (until.isPresent() && !now.isBefore(until.get())) {
      return false;
    }
    return kind != Kind.DEAD_ADDRESS
        || candidate.registeredAt().isEmpty()
        || !candidate.registeredAt().get().isAfter(at);
  }
}
