package dev.notify.spi;

import dev.notify.model.Recipient;
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
}
