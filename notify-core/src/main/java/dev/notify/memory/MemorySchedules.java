package dev.notify.memory;

import dev.notify.model.RefusedException;
import dev.notify.model.StoredSchedule;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.ScheduleStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Recurring schedules of the memory store, at most so many; under its lock. */
final class MemorySchedules implements ScheduleStore {

  private static final int MOST = 10_000;

  private final ReentrantLock lock;
  private final Consumer<Submission> keep;
  private final TreeMap<String, StoredSchedule> byId = new TreeMap<>();

  /**
   * Schedules under the store's lock.
   *
   * @param keep keeps a notification, or refuses for want of room
   */
  MemorySchedules(ReentrantLock lock, Consumer<Submission> keep) {
    this.lock = lock;
    this.keep = keep;
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
  public StoredSchedule add(StoredSchedule schedule) {
    return locked(
        () -> {
          StoredSchedule earlier = byId.get(schedule.id());
          if (earlier != null) {
            return earlier;
          }
          if (byId.size() >= MOST) {
            throw new RefusedException(
                RefusedException.Why.QUEUE_FULL,
                "the memory store holds " + MOST + " schedules; cancel some, or use a durable one");
          }
          byId.put(schedule.id(), schedule);
          return schedule;
        });
  }

  @Override
  public Optional<StoredSchedule> find(String id) {
    return locked(() -> Optional.ofNullable(byId.get(id)));
  }

  @Override
  public List<StoredSchedule> list(String after, int limit) {
    return locked(() -> byId.tailMap(after, false).values().stream().limit(limit).toList());
  }

  @Override
  public List<StoredSchedule> due(Instant now, int limit) {
    return locked(
        () ->
            byId.values().stream()
                .filter(one -> one.due().filter(due -> !due.isAfter(now)).isPresent())
                .sorted(Comparator.comparing(one -> one.due().orElseThrow()))
                .limit(limit)
                .toList());
  }

  @Override
  public Optional<Instant> nextDue() {
    return locked(
        () ->
            byId.values().stream()
                .flatMap(one -> one.due().stream())
                .min(Comparator.naturalOrder()));
  }

  @Override
  public Optional<StoredSchedule> replace(StoredSchedule next) {
    return locked(
        () -> {
          StoredSchedule known = byId.get(next.id());
          if (known == null || known.version() != next.version()) {
            return Optional.empty();
          }
          byId.put(next.id(), next.stored());
          return Optional.of(next.stored());
        });
  }

  @Override
  public Optional<StoredSchedule> run(StoredSchedule next, Submission submission) {
    return locked(
        () -> {
          StoredSchedule known = byId.get(next.id());
          if (known == null || known.version() != next.version()) {
            return Optional.empty();
          }
          keep.accept(submission);
          return replace(next);
        });
  }

  @Override
  public boolean remove(String id) {
    return locked(() -> byId.remove(id) != null);
  }

  @Override
  public long forget(String recipientId) {
    return locked(
        () -> {
          int before = byId.size();
          byId.values()
              .removeIf(
                  one ->
                      one.schedule().audience().isEmpty()
                          && one.schedule().notification().recipientId().equals(recipientId));
          return (long) (before - byId.size());
        });
  }
}
