package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What was learned about an address, apart from any message: a person answered STOP, or a vendor
 * closed its own list to it.
 *
 * @param provider name of the provider that told
 * @param address the address
 * @param type what was learned
 * @param at when, by the provider's clock; else when it was told
 * @param cause why, in words without anything personal; may be empty
 * @param id the provider's id of what the person said, where there is one: told again, it changes
 *     nothing
 * @since 0.1
 */
public record AddressEvent(
    String provider, Address address, Type type, Instant at, String cause, Optional<String> id) {

  /** What has no id, and is known by its time. */
  public AddressEvent(String provider, Address address, Type type, Instant at, String cause) {
    this(provider, address, type, at, cause, Optional.empty());
  }

  /** The same with the provider's id. */
  public AddressEvent withId(Optional<String> theirs) {
    return new AddressEvent(provider, address, type, at, cause, theirs);
  }

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
