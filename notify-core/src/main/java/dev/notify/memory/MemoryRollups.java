package dev.notify.memory;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was counted by the hour of acceptance, in the heap; guarded by the store's lock. */
final class MemoryRollups implements RollupStore {

  /** The oldest hour goes first, and so it does when there are too many counters. */
  static final int MOST_COUNTERS = 500_000;

  /** The category of what came when a single hour had all counters that there can be. */
  static final String OVERFLOW = "(overflow)";

  private static final Logger log = LoggerFactory.getLogger(MemoryStore.class);

  private static final class Sum {
    long amount;
  }

  private static final class Hour {
    final Map<Tuple, Map<Integer, Sum>> sums = new HashMap<>();
    int counters;

    /** Then no counter is added to it any more but those of the overflow, one for each channel. */
    boolean isFull;

    boolean has(Tuple tuple, int measure) {
      return sums.getOrDefault(tuple, Map.of()).containsKey(measure);
    }

    void add(Tuple tuple, int measure, long amount) {
      Map<Integer, Sum> ofTuple = sums.computeIfAbsent(tuple, any -> new HashMap<>());
      Sum sum = ofTuple.get(measure);
      if (sum == null) {
        sum = new Sum();
        ofTuple.put(measure, sum);
        counters++;
      }
      sum.amount += amount;
      if (sum.amount == 0) {
        ofTuple.remove(measure);
        counters--;
        if (ofTuple.isEmpty()) {
          sums.remove(tuple);
        }
      }
    }
  }

  private final ReentrantLock lock;
  private final int mostCounters;
  private final Hours<Hour> hours = new Hours<>(Hour::new);
  private int counters;

  /** The end of the last hour that was forgotten; what comes to it later is no news any more. */
  private Instant forgottenUntil = Instant.MIN;

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
    boolean wasOpen = before != null && before.isOpen();
    boolean isOpen = delivery.status().isOpen();
    if (wasOpen != isOpen) {
      Tuple open = Tuple.of(delivery, Optional.empty());
      add(delivery, open, Stage.OPEN.code(), isOpen ? 1 : -1);
    }
    if (!isOpen && before != delivery.status()) {
      Tuple ended = Tuple.of(delivery, delivery.provider());
      RollupStore.count(
          delivery,
          wasOpen || before == null,
          (measure, amount) -> add(delivery, ended, measure, amount));
    }
  }

  /** Something happened to a message that leads it to a stage for the first time. */
  void happened(Delivery delivery, DeliveryEvent event) {
    Optional<Stage> stage = RollupStore.stage(event);
    if (stage.isPresent() && RollupStore.isCounted(delivery)) {
      Tuple tuple = Tuple.of(delivery, event.provider());
      add(delivery, tuple, stage.get().code(), 1);
    }
  }

  private void add(Delivery delivery, Tuple tuple, int measure, long amount) {
    if (delivery.createdAt().isBefore(forgottenUntil)) {
      return;
    }
    Hour hour = hours.at(delivery.createdAt());
    int before = hour.counters;
    hour.add(
        hour.isFull && !hour.has(tuple, measure) ? overflow(delivery) : tuple, measure, amount);
    counters += hour.counters - before;
    while (hours.size() > Hours.MOST || (counters > mostCounters && hours.size() > 1)) {
      Map.Entry<Instant, Hour> oldest = hours.removeOldest();
      counters -= oldest.getValue().counters;
      forgottenUntil = oldest.getKey().plus(1, ChronoUnit.HOURS);
    }
    if (counters >= mostCounters && !hour.isFull && hours.size() == 1) {
      hour.isFull = true;
      log.warn(
          "analytics: {} has {} counters, and gets no more; what is new in it counts under the"
              + " category {}",
          Statistics.hourOf(delivery.createdAt()),
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
          .between(from, until)
          .forEach(
              (hour, one) ->
                  one.sums.forEach(
                      (tuple, sums) ->
                          sums.forEach(
                              (measure, sum) -> {
                                Instant time = byTime ? hour : from;
                                amounts.add(new Amount(time, tuple, measure, sum.amount));
                              })));
      return amounts;
    } finally {
      lock.unlock();
    }
  }
}
