package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A recurring schedule as a store keeps it. Every change makes a new value.
 *
 * @param schedule what runs, and when
 * @param state whether it does
 * @param next when it runs next; empty if it has ended
 * @param lastRun the time of the latest run
 * @param runs how often it has run
 * @param fault why the latest run came to nothing; empty if it did not
 * @param due when a process has to look at it; empty if none has to
 * @param version grows with each change; a change of an older one is refused
 * @since 0.1
 */
public record StoredSchedule(
    RecurringSchedule schedule,
    State state,
    Optional<Instant> next,
    Optional<Instant> lastRun,
    long runs,
    Optional<Reason> fault,
    Optional<Instant> due,
    long version) {

  /** Whether a schedule runs. */
  public enum State {
    /** It does. */
    ACTIVE,
    /** Held; goes on with resume. */
    PAUSED,
    /** Its last run is over. */
    ENDED
  }

  /** One that nobody has stored, from a moment on. */
  public static StoredSchedule begin(RecurringSchedule schedule, Instant now) {
    return new StoredSchedule(
            schedule,
            State.ACTIVE,
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            0)
        .from(now);
  }

  /** By which it is found. */
  public String id() {
    return schedule.id();
  }

  /** Running, from the first time after a moment, and never for one that it has run for. */
  public StoredSchedule from(Instant moment) {
    Instant after = lastRun.filter(moment::isBefore).orElse(moment);
    return to(schedule.next(after));
  }

  /** Running, next at this time; ended if there is none. */
  public StoredSchedule to(Optional<RecurringSchedule.Occurrence> occurrence) {
    return new StoredSchedule(
        schedule,
        occurrence.isPresent() ? State.ACTIVE : State.ENDED,
        occurrence.map(RecurringSchedule.Occurrence::at),
        lastRun,
        runs,
        fault,
        occurrence.map(schedule::beginning),
        version);
  }

  /** After a run. */
  public StoredSchedule ran(Instant occurrence, Optional<Reason> why) {
    return new StoredSchedule(
        schedule, state, next, Optional.of(occurrence), runs + 1, why, due, version);
  }

  /** Held. */
  public StoredSchedule paused() {
    return new StoredSchedule(
        schedule, State.PAUSED, next, lastRun, runs, fault, Optional.empty(), version);
  }

  /** With another definition; what is next is to be found anew. */
  public StoredSchedule with(RecurringSchedule other) {
    return new StoredSchedule(other, state, next, lastRun, runs, fault, due, version);
  }

  /** As a store has it after a change. */
  public StoredSchedule stored() {
    return new StoredSchedule(schedule, state, next, lastRun, runs, fault, due, version + 1);
  }

  @Override
  public String toString() {
    return "StoredSchedule[" + schedule.id() + ", " + state + "]";
  }
}
