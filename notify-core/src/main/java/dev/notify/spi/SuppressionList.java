package dev.notify.spi;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Suppression;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

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

  /**
   * Tells that these addresses will be asked for in a moment, one by one: a list that can read them
   * at a stroke has the chance. Does nothing unless a list says otherwise.
   */
  default void expect(Collection<Address> addresses) {}

  /**
   * Changes the entry of an address, atomically: of two words about one address at one moment, on
   * whatever node, the second finds what the first has left.
   *
   * @param change from the entry there is to the one there is to be, empty for none; quick and
   *     without effects of its own, for it may be called again. What it throws is thrown here, and
   *     then nothing has changed
   * @return whether that changed anything
   */
  boolean update(Address address, UnaryOperator<Optional<Suppression>> change);

  /**
   * Shows all entries, in no order; those that come or go meanwhile may be among them or not. The
   * list need not fit into memory.
   */
  void forEach(Consumer<Suppression> reader);

  /** Adds or replaces an entry. */
  default void add(Suppression suppression) {
    boolean ignored = update(suppression.address(), known -> Optional.of(suppression));
  }

  /** Removes the entry of an address; says whether there was one. */
  default boolean remove(Address address) {
    return update(address, known -> Optional.empty());
  }

  /** What of an address's value counts when it is compared. */
  static String comparable(Address address) {
    return address.channel().equals(Channel.EMAIL)
        ? address.value().toLowerCase(Locale.ROOT)
        : address.value();
  }
}
