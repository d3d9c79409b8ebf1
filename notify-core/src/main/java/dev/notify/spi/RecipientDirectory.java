package dev.notify.spi;

import dev.notify.model.Recipient;
import java.util.Collection;
import java.util.Optional;

/**
 * Knows the application's people. Asked when a notification is accepted and again at delivery.
 * Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RecipientDirectory {

  /** The person with this id; empty if there is none. */
  Optional<Recipient> find(String recipientId);

  /**
   * Tells that these people will be asked for in a moment, one by one: a directory that can read
   * them at a stroke has the chance. Does nothing unless a directory says otherwise.
   */
  default void expect(Collection<String> recipientIds) {}
}
