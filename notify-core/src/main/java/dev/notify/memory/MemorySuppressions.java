package dev.notify.memory;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Suppression;
import dev.notify.spi.SuppressionList;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A suppression list in the heap. Grows with the number of addresses that were ever suppressed, or
 * whose owners asked for messages.
 *
 * @since 0.1
 */
public final class MemorySuppressions implements SuppressionList {

  private record Key(Channel channel, String value) {
    static Key of(Address address) {
      return new Key(address.channel(), SuppressionList.comparable(address));
    }
  }

  private final ConcurrentHashMap<Key, Suppression> entries = new ConcurrentHashMap<>();

  /** An empty list. */
  public MemorySuppressions() {}

  @Override
  public Optional<Suppression> find(Address address) {
    return entries.isEmpty() ? Optional.empty() : Optional.ofNullable(entries.get(Key.of(address)));
  }

  @Override
  public boolean update(Address address, UnaryOperator<Optional<Suppression>> change) {
    AtomicBoolean changed = new AtomicBoolean();
    entries.compute(
        Key.of(address),
        (key, known) -> {
          Optional<Suppression> before = Optional.ofNullable(known);
          Optional<Suppression> after = change.apply(before);
          changed.set(!after.equals(before));
          return after.orElse(null);
        });
    return changed.get();
  }

  @Override
  public void forEach(Consumer<Suppression> reader) {
    entries.values().forEach(reader);
  }
}
