package dev.notify.memory;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What was counted by the hour of acceptance, in the heap; guarded by the store's lock. */
final class MemoryRollups implements RollupStore {

  /** A month; the oldest hour goes first, and so it does when there are too many counters. */
  static final int MOST_HOURS = 31 * 24;

  static final int MOST_COUNTERS = 500_000;

  private record Key(Tuple tuple, int measure) {}

  private final ReentrantLock lock;
  private final TreeMap<Instant, Map<Key, Long>> hours = new TreeMap<>();
  private int counters;

  /** The last hour that was forgotten; what comes to it later is no news any more. */
  private Instant forgotten = Instant.MIN;

  MemoryRollups(ReentrantLock lock) {
    this.lock = lock;
  }

  /** A delivery was stored, or has become another; open ones are counted as long as they are. */
  void note(Delivery delivery, @Nullable DeliveryStatus before) {
    if (!RollupStore.isCounted(delivery)) {
      return;
    }
    boolean wasOpen = before == null || before.isOpen();
    if (before != null && before.isOpen()) {
      add(delivery, Optional.empty(), Stage.OPEN.code(), -1);
    }
    if (delivery.status().isOpen()) {
      add(delivery, Optional.empty(), Stage.OPEN.code(), 1);
    } else if (before != delivery.status()) {
      RollupStore.measures(delivery, wasOpen)
          .forEach((measure, amount) -> add(delivery, delivery.provider(), measure, amount));
    }
  }

  /** Something happened to a message that leads it to a stage for the first time. */
  void happened(Delivery delivery, DeliveryEvent event) {
    Optional<Stage> stage = RollupStore.stage(event);
    if (stage.isPresent() && RollupStore.isCounted(delivery)) {
      add(delivery, event.provider(), stage.get().code(), 1);
    }
  }

  private void add(Delivery delivery, Optional<String> provider, int measure, long amount) {
    Instant hour = Statistics.hourOf(delivery.createdAt());
    if (!hour.isAfter(forgotten)) {
      return;
    }
    Map<Key, Long> counts = hours.computeIfAbsent(hour, one -> new HashMap<>());
    int before = counts.size();
    counts.merge(
        new Key(Tuple.of(delivery, provider), measure),
        amount,
        (one, more) -> one + more == 0 ? null : (Long) (one + more));
    counters += counts.size() - before;
    while (hours.size() > MOST_HOURS || (counters > MOST_COUNTERS && hours.size() > 1)) {
      Map.Entry<Instant, Map<Key, Long>> oldest = hours.pollFirstEntry();
      counters -= oldest.getValue().size();
      forgotten = oldest.getKey();
    }
  }

  @Override
  public List<Amount> amounts(Instant from, Instant until, boolean byTime) {
    lock.lock();
    try {
      List<Amount> amounts = new ArrayList<>();
      hours
          .subMap(Statistics.hourOf(from), until)
          .forEach(
              (hour, counts) ->
                  counts.forEach(
                      (key, amount) ->
                          amounts.add(
                              new Amount(
                                  byTime ? hour : from, key.tuple(), key.measure(), amount))));
      return amounts;
    } finally {
      lock.unlock();
    }
  }
}
