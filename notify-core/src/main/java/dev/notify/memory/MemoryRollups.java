package dev.notify.memory;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was counted by the hour of acceptance, in the heap; guarded by the store's lock. */
final class MemoryRollups implements RollupStore {

  /** A month; the oldest hour goes first, and so it does when there are too many counters. */
  static final int MOST_HOURS = 31 * 24;

  static final int MOST_COUNTERS = 500_000;

  /** The category of what came when a single hour had all counters that there can be. */
  static final String OVERFLOW = "(overflow)";

  private static final Logger log = LoggerFactory.getLogger(MemoryStore.class);

  private record Key(Tuple tuple, int measure) {}

  private static final class Hour {
    final Map<Key, Long> counts = new HashMap<>();

    /** Then no counter is added to it any more but those of the overflow, one for each channel. */
    boolean isFull;
  }

  private final ReentrantLock lock;
  private final int mostCounters;
  private final TreeMap<Instant, Hour> hours = new TreeMap<>();
  private int counters;

  /** The last hour that was forgotten; what comes to it later is no news any more. */
  private Instant forgotten = Instant.MIN;

  MemoryRollups(ReentrantLock lock) {
    this(lock, MOST_COUNTERS);
  }

  MemoryRollups(ReentrantLock lock, int mostCounters) {
    this.lock = lock;
    this.mostCounters = mostCounters;
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
    Hour one = hours.computeIfAbsent(hour, any -> new Hour());
    Key key = new Key(Tuple.of(delivery, provider), measure);
    if (one.isFull && !one.counts.containsKey(key)) {
      key = new Key(overflow(delivery), measure);
    }
    int before = one.counts.size();
    one.counts.merge(key, amount, (sum, more) -> sum + more == 0 ? null : (Long) (sum + more));
    counters += one.counts.size() - before;
    while (hours.size() > MOST_HOURS || (counters > mostCounters && hours.size() > 1)) {
      Map.Entry<Instant, Hour> oldest = hours.pollFirstEntry();
      counters -= oldest.getValue().counts.size();
      forgotten = oldest.getKey();
    }
    if (counters >= mostCounters && !one.isFull && hours.size() == 1) {
      one.isFull = true;
      log.warn(
          "analytics: {} has {} counters, and gets no more; what is new in it counts under the"
              + " category {}",
          hour,
          counters,
          OVERFLOW);
    }
  }

  /** Whatever it was, a delivery is counted under the same when it comes to the next stage. */
  private static Tuple overflow(Delivery delivery) {
    return new Tuple(
        delivery.channel(),
        new Labels(OVERFLOW, Optional.empty(), 0, Optional.empty()),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public List<Amount> amounts(Instant from, Instant until, boolean byTime) {
    lock.lock();
    try {
      List<Amount> amounts = new ArrayList<>();
      hours
          .subMap(Statistics.hourOf(from), until)
          .forEach(
              (hour, one) ->
                  one.counts.forEach(
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
