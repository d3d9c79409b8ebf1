package dev.notify.memory;

import dev.notify.model.Broadcast;
import dev.notify.model.Broadcast.Expansion;
import dev.notify.model.BroadcastId;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Broadcasts of the memory store, with what has become of their deliveries; under its lock. */
final class MemoryBroadcasts implements BroadcastStore {

  private static final int MOST_FINISHED = 1_000;

  private final ReentrantLock lock;
  private final WaitingRows waiting;
  private final Consumer<List<Submission>> keep;
  private final LinkedHashMap<BroadcastId, Kept> all = new LinkedHashMap<>();

  private static final class Kept {
    Broadcast broadcast;
    final EnumMap<Type, Long> counts = new EnumMap<>(Type.class);
    final Set<Row> open = new LinkedHashSet<>();

    Kept(Broadcast broadcast) {
      this.broadcast = broadcast;
    }

    void count(Type type) {
      counts.merge(type, 1L, Long::sum);
    }
  }

  /**
   * Broadcasts under the store's lock.
   *
   * @param keep keeps a page of notifications, or refuses for want of room
   */
  MemoryBroadcasts(ReentrantLock lock, WaitingRows waiting, Consumer<List<Submission>> keep) {
    this.lock = lock;
    this.waiting = waiting;
    this.keep = keep;
  }

  /** A delivery was stored, or has become another; the caller holds the lock. */
  void note(Row row, @Nullable DeliveryStatus before) {
    Kept kept = keptOf(row.delivery);
    if (kept == null) {
      return;
    }
    DeliveryStatus now = row.delivery.status();
    if (now.isOpen()) {
      kept.open.add(row);
      return;
    }
    kept.open.remove(row);
    MemoryCounts.types(before, now, kept::count);
  }

  private @Nullable Kept keptOf(Delivery delivery) {
    return delivery.broadcast().isEmpty() ? null : all.get(delivery.broadcast().get());
  }

  /** Something happened to a message; the caller holds the lock. */
  void note(Delivery delivery, DeliveryEvent event) {
    Kept kept = keptOf(delivery);
    if (kept != null && event.isEngagement()) {
      kept.count(event.type());
    }
  }

  /** Takes a person's name off the lists of who was refused; the caller holds the lock. */
  void forget(String recipientId) {
    for (Kept kept : all.values()) {
      Expansion left = kept.broadcast.expansion().forgetting(recipientId);
      if (!left.equals(kept.broadcast.expansion())) {
        kept.broadcast = kept.broadcast.with(left).stored();
      }
    }
  }

  private <R> R locked(Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Broadcast add(Broadcast broadcast) {
    return locked(
        () -> {
          Optional<String> key = broadcast.notification().idempotencyKey();
          for (Kept kept : all.values()) {
            if (key.isPresent() && kept.broadcast.notification().idempotencyKey().equals(key)) {
              return kept.broadcast;
            }
          }
          forgetOldest();
          all.put(broadcast.id(), new Kept(broadcast));
          return broadcast;
        });
  }

  private void forgetOldest() {
    long finished = all.values().stream().filter(MemoryBroadcasts::isFinished).count();
    Iterator<Kept> oldest = all.values().iterator();
    while (finished >= MOST_FINISHED && oldest.hasNext()) {
      if (isFinished(oldest.next())) {
        oldest.remove();
        finished--;
      }
    }
  }

  private static boolean isFinished(Kept kept) {
    return kept.broadcast.state().isFinished();
  }

  @Override
  public Optional<Broadcast> find(BroadcastId id) {
    return locked(() -> Optional.ofNullable(all.get(id)).map(kept -> kept.broadcast));
  }

  @Override
  public List<Broadcast> unfinished() {
    return locked(
        () ->
            all.values().stream()
                .filter(kept -> !isFinished(kept))
                .map(kept -> kept.broadcast)
                .toList());
  }

  @Override
  public Optional<Broadcast> replace(Broadcast next) {
    return expand(next, List.of());
  }

  @Override
  public Optional<Broadcast> expand(Broadcast next, List<Submission> page) {
    return locked(
        () -> {
          Kept kept = all.get(next.id());
          if (kept == null || kept.broadcast.version() != next.version()) {
            return Optional.empty();
          }
          if (!page.isEmpty()) {
            keep.accept(page);
          }
          kept.broadcast = next.stored();
          return Optional.of(kept.broadcast);
        });
  }

  @Override
  public Map<Type, Long> counts(BroadcastId id) {
    return locked(
        () -> {
          Kept kept = all.get(id);
          return kept == null ? Map.of() : Map.copyOf(kept.counts);
        });
  }

  @Override
  public int backlog(BroadcastId id, Instant now, int atMost) {
    return locked(
        () ->
            (int)
                open(id).stream()
                    .filter(
                        row ->
                            row.delivery.status() != DeliveryStatus.SCHEDULED
                                || !row.delivery.due().isAfter(now))
                    .limit(atMost)
                    .count());
  }

  private Set<Row> open(BroadcastId id) {
    Kept kept = all.get(id);
    return kept == null ? Set.of() : kept.open;
  }

  @Override
  public boolean hasOpen(BroadcastId id) {
    return locked(() -> !open(id).isEmpty());
  }

  @Override
  public List<Delivery> waiting(BroadcastId id, int limit) {
    return locked(
        () ->
            open(id).stream()
                .map(row -> row.delivery)
                .filter(delivery -> delivery.status() != DeliveryStatus.SENDING)
                .limit(limit)
                .toList());
  }

  @Override
  public void release(BroadcastId id, Instant now) {
    lock.lock();
    try {
      for (Row row : new ArrayList<>(open(id))) {
        Optional<Reason> reason = row.delivery.reason();
        boolean held = reason.filter(why -> why.code().equals(Reason.BROADCAST_HELD)).isPresent();
        if (held && waiting.remove(row)) {
          row.delivery =
              row.delivery.postponed(DeliveryStatus.PENDING, now, reason.orElseThrow(), now);
          waiting.add(row);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
