package dev.notify.spi;

import dev.notify.model.Address;
import dev.notify.model.Suppression;
import java.util.Optional;

/**
 * Addresses that must not be used. E-mail addresses compare without case. Thread-safe.
 *
 * <p>It keeps entries as they are, with all their parts, those that have ended too: what they know
 * counts against words that come late or twice. The rules stand at {@link Suppression}; {@code
 * SuppressionListContract} of {@code notify-test} has what a list must do, as tests.
 *
 * @since 0.1
 */
public interface SuppressionList {

  /** The entry of an address, whether it still holds or not. */
  Optional<Suppression> find(Address address);

  /** Adds or replaces an entry. */
  void add(Suppression suppression);

  /** Removes the entry of an address; says whether there was one. */
  boolean remove(Address address);
}
