package dev.notify.model;

import java.time.Instant;

/**
 * What was learned about an address, apart from any message: a person answered STOP, or a vendor
 * closed its own list to it.
 *
 * @param provider name of the provider that told
 * @param address the address
 * @param type what was learned
 * @param at when
 * @param cause why, in words without anything personal; may be empty
 * @since 0.1
 */
public record AddressEvent(String provider, Address address, Type type, Instant at, String cause) {

  /** What can be learned about an address. */
  public enum Type {
    /** The person wants nothing any more. */
    STOPPED,
    /** The person who had stopped wants messages again. */
    RESUMED,
    /** The address does not exist. */
    DEAD,
    /** The person reported spam. */
    COMPLAINED
  }
}
