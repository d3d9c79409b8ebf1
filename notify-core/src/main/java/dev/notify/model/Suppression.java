package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * An address that must not be used, and why.
 *
 * @param address the address
 * @param cause why: a bounce, a complaint, a STOP, the application's word
 * @param at since when
 * @param until until when; for good where absent
 * @since 0.1
 */
public record Suppression(Address address, String cause, Instant at, Optional<Instant> until) {

  /** Whether it holds at this moment. */
  public boolean holdsAt(Instant now) {
    return until.isEmpty() || now.isBefore(until.get());
  }
}
