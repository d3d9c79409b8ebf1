package dev.notify.memory;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Statistics;
import dev.notify.model.Statistics.Amount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often what happened, by the hour; guarded by the store's lock. */
final class MemoryCounts {

  /** A month; the oldest hour goes first. */
  static final int MOST_HOURS = 31 * 24;

  private record Key(Channel channel, Type type) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::channel).thenComparing(Key::type);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final TreeMap<Instant, TreeMap<Key, Long>> hours = new TreeMap<>();

  /** What a delivery counts as that has come from one status to another. */
  static List<Type> types(@Nullable DeliveryStatus before, DeliveryStatus now) {
    if (now.isOpen() || before == now) {
      return List.of();
    }
    Type type = Type.valueOf(now.name());
    boolean wasSentUnknown = before == DeliveryStatus.UNCONFIRMED && now.isSent();
    return wasSentUnknown && type != Type.SENT ? List.of(Type.SENT, type) : List.of(type);
  }

  /** A delivery was stored, or has become another. */
  void note(Delivery delivery, @Nullable DeliveryStatus before) {
    for (Type type : types(before, delivery.status())) {
      count(delivery.channel(), type, delivery.updatedAt());
    }
  }

  /** Something happened to a message. */
  void happened(Delivery delivery, DeliveryEvent event) {
    if (event.isEngagement()) {
      count(delivery.channel(), event.type(), event.at());
    }
  }

  private void count(Channel channel, Type type, Instant at) {
    hours
        .computeIfAbsent(Statistics.hourOf(at), hour -> new TreeMap<>())
        .merge(new Key(channel, type), 1L, Long::sum);
    if (hours.size() > MOST_HOURS) {
      hours.pollFirstEntry();
    }
  }

  Statistics between(Instant from, Instant to) {
    List<Amount> amounts = new ArrayList<>();
    hours
        .subMap(Statistics.hourOf(from), to)
        .forEach(
            (hour, counts) ->
                counts.forEach(
                    (key, count) ->
                        amounts.add(new Amount(hour, key.channel(), key.type(), count))));
    return new Statistics(from, to, amounts);
  }
}
