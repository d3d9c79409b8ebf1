package dev.notify.memory;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Suppression;
import dev.notify.spi.SuppressionList;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A suppression list in the heap. Grows with the number of addresses that were ever suppressed, or
 * whose owners asked for messages.
 *
 * @since 0.1
 */
public final class MemorySuppressions implements SuppressionList {

  private record Key(Channel channel, String value) {
    static Key of(Address address) {
      boolean anyCase = address.channel().equals(Channel.EMAIL);
      return new Key(
          address.channel(), anyCase ? address.value().toLowerCase(Locale.ROOT) : address.value());
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
  public void add(Suppression suppression) {
    entries.put(Key.of(suppression.address()), suppression);
  }

  @Override
  public boolean remove(Address address) {
    return entries.remove(Key.of(address)) != null;
  }
}
