package dev.notify.spi;

import dev.notify.model.StoredSchedule;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The part of a store that keeps recurring schedules. All methods are thread-safe and atomic.
 *
 * <p>Changes name the version they change. Of several nodes that run the same schedule one has its
 * way, and nothing is kept of what the others would have sent: that makes each time run once.
 * {@code ScheduleStoreContract} of {@code notify-test} has what a store must do, as tests.
 *
 * @since 0.1
 */
public interface ScheduleStore {

  /**
   * Keeps a new schedule. If there is one with its id, keeps nothing.
   *
   * @return the schedule, or the earlier one
   * @throws dev.notify.model.RefusedException if there is no room or the store cannot be reached
   */
  StoredSchedule add(StoredSchedule schedule);

  /** A schedule as it stands. */
  Optional<StoredSchedule> find(String id);

  /**
   * Schedules by their ids, in order.
   *
   * @param after begins behind this id; at the beginning if empty
   * @param limit at most so many
   */
  List<StoredSchedule> list(String after, int limit);

  /** Schedules that a process has to look at by now, those due first coming first. */
  List<StoredSchedule> due(Instant now, int limit);

  /** When the first of them is due; empty if none ever is. */
  Optional<Instant> nextDue();

  /**
   * Replaces a schedule, if it still has the version that {@code next} carries.
   *
   * @return the schedule with its new version; empty if someone else changed it
   */
  Optional<StoredSchedule> replace(StoredSchedule next);

  /**
   * As {@link #replace}, and keeps a notification with it, all or nothing. None of its deliveries
   * is in anybody's hands, and it has no idempotency key.
   *
   * @throws dev.notify.model.RefusedException if there is no room or the store cannot be reached
   */
  Optional<StoredSchedule> run(StoredSchedule next, Submission submission);

  /** Deletes a schedule; says whether there was one. */
  boolean remove(String id);

  /** Deletes the schedules that go to one person; says how many. */
  long forget(String recipientId);
}
