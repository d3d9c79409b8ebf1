package dev.notify;

import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotifyException;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.RefusedException;
import dev.notify.model.StoredSchedule;
import dev.notify.model.StoredSchedule.State;
import dev.notify.spi.ScheduleStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Notifications that are sent again and again. Works for those of every node on the same store; any
 * node runs what is due, and each time runs once. Made by {@link NotificationDispatcher#schedules};
 * thread-safe.
 *
 * @since 0.1
 */
public final class Schedules {

  private static final int MOST_TRIES = 100;

  private final Wiring wiring;
  private final ScheduleStore store;
  private final Expander expander;
  private final BackgroundLoop loop;

  Schedules(Wiring wiring, ScheduleStore store, Expander expander, BackgroundLoop loop) {
    this.wiring = wiring;
    this.store = store;
    this.expander = expander;
    this.loop = loop;
  }

  /**
   * Keeps a schedule, which runs from the next of its times on. The same again, at the next start
   * of the application perhaps, changes nothing.
   *
   * @return how it stands
   * @throws InvalidNotificationException if the notification cannot be sent, or the schedule would
   *     never run
   * @throws RefusedException with {@code KEY_REUSED} if there is another schedule with this id: use
   *     {@link #change}; or if the store cannot be reached
   */
  public StoredSchedule create(RecurringSchedule schedule) {
    Optional<StoredSchedule> there =
        store.find(schedule.id()).filter(known -> known.schedule().equals(schedule));
    if (there.isPresent()) {
      // It may have ended since, which is no reason for an application not to start.
      return there.get();
    }
    requireFit(schedule);
    StoredSchedule begun = StoredSchedule.begin(schedule, wiring.now());
    StoredSchedule kept =
        wiring
            .audit()
            .together(
                () -> {
                  StoredSchedule added = store.add(begun);
                  if (added.equals(begun)) {
                    note("schedule.created", added);
                  }
                  return added;
                });
    if (!kept.schedule().equals(schedule)) {
      throw new RefusedException(
          RefusedException.Why.KEY_REUSED,
          "schedule.id: there is another schedule '"
              + schedule.id()
              + "'; change or cancel it, or use another id");
    }
    loop.wake();
    return kept;
  }

  /** The id of a schedule to one person may tell who that is. */
  private void note(String kind, StoredSchedule stored) {
    RecurringSchedule schedule = stored.schedule();
    boolean isToMany = schedule.audience().isPresent();
    wiring
        .audit()
        .note(
            kind,
            isToMany ? "schedule:" + schedule.id() : wiring.audit().schedule(schedule.id()),
            Map.of("cron", schedule.cron().toString(), "toAudience", isToMany));
  }

  private void requireFit(RecurringSchedule schedule) {
    var fit = expander.checked(schedule.notification());
    if (schedule.audience().isPresent()) {
      var unused = Broadcasts.inItsLane(fit, schedule.options());
    }
    if (schedule.next(wiring.now()).isEmpty()) {
      throw new InvalidNotificationException(
          "schedule.endsAt", "it ends before it would first run; it would never run");
    }
  }

  /** A schedule as it stands; empty if there is none with this id. */
  public Optional<StoredSchedule> find(String id) {
    return store.find(id);
  }

  /** The first schedules by their ids, at most so many. */
  public List<StoredSchedule> list(int limit) {
    return listAfter("", limit);
  }

  /** Those that come after an id, at most so many. */
  public List<StoredSchedule> listAfter(String id, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " is less than one");
    }
    return store.list(id, limit);
  }

  /** When a schedule would run next, as it stands or before it is created, at most so often. */
  public List<RecurringSchedule.Occurrence> preview(RecurringSchedule schedule, int most) {
    return schedule.next(wiring.now(), most);
  }

  /**
   * Changes a schedule. It runs from the next of its new times on; what a run has sent already
   * stays as it is.
   *
   * @param change quick and without effects of its own, for it may be called again; must keep the
   *     id
   * @throws NotifyException if it is unknown
   */
  public StoredSchedule change(String id, UnaryOperator<RecurringSchedule> change) {
    return update(
        id,
        "schedule.changed",
        before -> {
          RecurringSchedule next = change.apply(before.schedule());
          if (!next.id().equals(id)) {
            throw new InvalidNotificationException("schedule.id", "cannot be changed");
          }
          if (next.equals(before.schedule())) {
            return before;
          }
          requireFit(next);
          StoredSchedule changed = before.with(next);
          return before.state() == State.PAUSED
              ? changed.from(wiring.now()).paused()
              : changed.from(wiring.now());
        });
  }

  /**
   * Holds a schedule, until it is resumed.
   *
   * @throws NotifyException if it is unknown
   */
  public StoredSchedule pause(String id) {
    return update(
        id, "schedule.paused", before -> before.state() == State.ACTIVE ? before.paused() : before);
  }

  /**
   * Has a schedule go on that was paused, from its next time on; what fell into the pause is not
   * made up for.
   *
   * @throws NotifyException if it is unknown
   */
  public StoredSchedule resume(String id) {
    return update(
        id,
        "schedule.resumed",
        before -> before.state() == State.PAUSED ? before.from(wiring.now()) : before);
  }

  /**
   * Deletes a schedule. What its runs have sent or begun stays: broadcasts are cancelled by {@link
   * Broadcasts#cancel}.
   *
   * @return whether there was one
   */
  public boolean cancel(String id) {
    return wiring
        .audit()
        .together(
            () -> {
              Optional<StoredSchedule> known = store.find(id);
              boolean wasThere = store.remove(id);
              if (wasThere) {
                known.ifPresent(schedule -> note("schedule.cancelled", schedule));
              }
              return wasThere;
            });
  }

  private StoredSchedule update(String id, String kind, UnaryOperator<StoredSchedule> change) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      StoredSchedule before =
          store.find(id).orElseThrow(() -> new NotifyException("no schedule '" + id + "'"));
      StoredSchedule after = change.apply(before);
      if (after == before) {
        return before;
      }
      Optional<StoredSchedule> stored =
          wiring
              .audit()
              .together(
                  () -> {
                    Optional<StoredSchedule> replaced = store.replace(after);
                    replaced.ifPresent(one -> note(kind, one));
                    return replaced;
                  });
      if (stored.isPresent()) {
        loop.wake();
        return stored.get();
      }
    }
    throw new NotifyException("schedule '" + id + "' changes too fast; try again");
  }
}
