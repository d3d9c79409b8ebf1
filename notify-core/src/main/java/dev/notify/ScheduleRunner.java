package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Delivery;
import dev.notify.model.MissedRuns;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.Reason;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.RecurringSchedule.Occurrence;
import dev.notify.model.RefusedException;
import dev.notify.model.StoredSchedule;
import dev.notify.spi.Audience;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.ScheduleStore;
import dev.notify.spi.SubmissionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs schedules that are due, one occurrence at a time. Several nodes may do so at once: an
 * occurrence is kept together with the step to the next one, under the version that was read, so
 * that one of them has its way. A broadcast is begun before the step is taken, under a key of its
 * occurrence, which stands as long as the broadcast is kept.
 */
final class ScheduleRunner implements BackgroundLoop.Steps {

  private static final Logger log = LoggerFactory.getLogger(ScheduleRunner.class);
  private static final int AT_ONCE = 100;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration FIRST_LOOK_BACK = Duration.ofHours(1);

  private final Wiring wiring;
  private final DeliveryEngine engine;
  private final ScheduleStore store;
  private final Intake intake;
  private final Broadcasts broadcasts;

  ScheduleRunner(
      Wiring wiring,
      DeliveryEngine engine,
      ScheduleStore store,
      Intake intake,
      Broadcasts broadcasts) {
    this.wiring = wiring;
    this.engine = engine;
    this.store = store;
    this.intake = intake;
    this.broadcasts = broadcasts;
  }

  @Override
  public Optional<Instant> steps() {
    boolean anyWentOn = false;
    for (StoredSchedule due : store.due(wiring.now(), AT_ONCE)) {
      anyWentOn |= stepSafely(due);
    }
    // What waits for something, or cannot be read, stays due.
    Instant earliest = anyWentOn ? wiring.now() : wiring.now().plus(PAUSE);
    return store.nextDue().map(next -> next.isBefore(earliest) ? earliest : next);
  }

  /** Whether it went on. */
  private boolean stepSafely(StoredSchedule due) {
    try {
      step(due);
      return true;
    } catch (RefusedException e) {
      log.debug("schedule {} waits: {}", due.id(), e.getMessage());
    } catch (RuntimeException e) {
      log.error("schedule {} could not go on: {}", due.id(), e.getClass().getName());
      log.trace("which threw", e);
    }
    return false;
  }

  private void step(StoredSchedule known) {
    Instant now = wiring.now();
    List<Occurrence> toRun = toRun(known, now);
    if (toRun.isEmpty()) {
      log.info("schedule {}: runs were missed and are left out", known.id());
      Optional<StoredSchedule> ignored = store.replace(known.to(firstToBegin(known, now)));
      return;
    }
    Occurrence occurrence = toRun.get(0);
    Optional<Occurrence> following =
        toRun.size() > 1 ? Optional.of(toRun.get(1)) : known.schedule().next(occurrence.at());
    run(known, occurrence, following, now);
  }

  /** The first that does not have to begin by now. */
  private static Optional<Occurrence> firstToBegin(StoredSchedule known, Instant now) {
    Optional<Occurrence> next = known.schedule().next(now);
    while (next.isPresent() && !known.schedule().beginning(next.get()).isAfter(now)) {
      next = known.schedule().next(next.get().at());
    }
    return next;
  }

  /**
   * Those that are to begin by now: what is not too late yet, and of what is, the latest ones, as
   * many as are made up for.
   */
  private static List<Occurrence> toRun(StoredSchedule known, Instant now) {
    RecurringSchedule schedule = known.schedule();
    MissedRuns policy = schedule.missedRuns();
    Instant first = known.next().orElseThrow();
    Instant tooLate = now.minus(policy.tolerance());
    List<Occurrence> missed = new ArrayList<>();
    if (policy.most() > 0 && first.isBefore(tooLate)) {
      // Looked for from the end: nobody counts the minutes of a year.
      Duration back = FIRST_LOOK_BACK;
      Instant from;
      do {
        from = tooLate.minus(back);
        from = from.isBefore(first) ? first : from;
        missed = between(schedule, from, tooLate);
        back = back.multipliedBy(4);
      } while (missed.size() < policy.most() && from.isAfter(first));
      missed = missed.subList(Math.max(0, missed.size() - policy.most()), missed.size());
    }
    List<Occurrence> toRun = new ArrayList<>();
    for (Occurrence one : missed) {
      if (isOfUse(schedule, one, now)) {
        toRun.add(one);
      }
    }
    // Of the rest the next two do: one to run, and one to go on with.
    Optional<Occurrence> next =
        schedule.next((first.isBefore(tooLate) ? tooLate : first).minusNanos(1));
    while (toRun.size() < 2 && next.isPresent() && !schedule.beginning(next.get()).isAfter(now)) {
      toRun.add(next.get());
      next = schedule.next(next.get().at());
    }
    return toRun;
  }

  private static List<Occurrence> between(RecurringSchedule schedule, Instant from, Instant until) {
    List<Occurrence> found = new ArrayList<>();
    Optional<Occurrence> next = schedule.next(from.minusNanos(1));
    while (next.isPresent() && next.get().at().isBefore(until)) {
      found.add(next.get());
      next = schedule.next(next.get().at());
    }
    return found;
  }

  /** What says how long it is of use is not sent when that has passed. */
  private static boolean isOfUse(RecurringSchedule schedule, Occurrence occurrence, Instant now) {
    return schedule.zone().isEmpty()
        || schedule
            .notification()
            .timeToLive()
            .map(life -> now.isBefore(occurrence.at().plus(life)))
            .orElse(true);
  }

  private void run(
      StoredSchedule known, Occurrence occurrence, Optional<Occurrence> following, Instant now) {
    Optional<Reason> fault = Optional.empty();
    try {
      Notification notification = notification(known.schedule(), occurrence);
      Optional<String> audience = known.schedule().audience();
      if (audience.isEmpty()) {
        send(known, occurrence, following, notification);
        return;
      }
      Optional<Audience> who = wiring.audience(audience.get());
      if (who.isEmpty()) {
        if (now.isBefore(occurrence.at().plus(known.schedule().missedRuns().tolerance()))) {
          // A node that knows it will come by.
          throw new RefusedException(
              RefusedException.Why.STORE_UNAVAILABLE,
              "no audience '" + audience.get() + "' is known here");
        }
        fault = Optional.of(new Reason(Reason.AUDIENCE_UNKNOWN, audience.get()));
      } else {
        String key = "schedule/" + known.id() + "/" + occurrence.at();
        begin(known, who.get(), notification.toBuilder().idempotencyKey(key).build());
      }
    } catch (RefusedException e) {
      throw e;
    } catch (NotifyException e) {
      // It is the notification's or the person's fault, and would be so again.
      log.warn("schedule {} could not run: {}", known.id(), e.getClass().getSimpleName());
      fault = Optional.of(new Reason("INVALID", String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      if (now.isBefore(occurrence.at().plus(known.schedule().missedRuns().tolerance()))) {
        throw e;
      }
      wiring.parts().metrics().onHostFailure("schedule");
      log.warn("schedule {} could not run: {}", known.id(), e.getClass().getName());
      fault = Optional.of(new Reason("FAILED", "threw " + e.getClass().getName()));
    }
    Optional<StoredSchedule> ignored =
        store.replace(known.ran(occurrence.at(), fault).to(following));
  }

  private static Notification notification(RecurringSchedule schedule, Occurrence occurrence) {
    return schedule.zone().isPresent()
        ? schedule.notification()
        : schedule.notification().toBuilder().atLocalTime(occurrence.local()).build();
  }

  private void begin(StoredSchedule known, Audience who, Notification notification) {
    try {
      BroadcastReceipt unused =
          wiring
              .audit()
              .inNameOf(
                  "dispatcher",
                  "schedule " + known.id(),
                  () -> broadcasts.begin(who, notification, known.schedule().options()));
    } catch (RefusedException e) {
      if (e.why() != RefusedException.Why.KEY_REUSED) {
        throw e;
      }
      // It has run, and was changed before the step to the next was taken.
      log.debug("schedule {} has run already", known.id());
    }
  }

  private void send(
      StoredSchedule known,
      Occurrence occurrence,
      Optional<Occurrence> following,
      Notification notification) {
    Run run = new Run(known.ran(occurrence.at(), Optional.empty()).to(following));
    try {
      SendReceipt unused = intake.sendByItself(notification, run);
    } catch (Overtaken e) {
      log.debug("schedule {} was run or changed by another", known.id());
      return;
    }
    run.handOver();
  }

  /** Somebody else changed the schedule, or ran it, first. */
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overtaken() {
      super("overtaken", null, false, false);
    }
  }

  /** Keeps a notification together with the step of its schedule. */
  private final class Run implements SubmissionStore {
    private final StoredSchedule next;
    private List<Delivery> stored = List.of();

    Run(StoredSchedule next) {
      this.next = next;
    }

    /** It has none: the step of the schedule stands for it, in the same transaction. */
    @Override
    public Optional<KeyUse> findKey(String key, Instant now) {
      return Optional.empty();
    }

    @Override
    public Optional<KeyUse> accept(Submission submission) {
      if (store.run(next, submission).isEmpty()) {
        throw new Overtaken();
      }
      stored = submission.deliveries();
      return Optional.empty();
    }

    @Override
    public <R> R within(Supplier<R> work) {
      return work.get();
    }

    void handOver() {
      for (Delivery delivery : stored) {
        wiring.parts().events().publish(delivery);
        if (delivery.status().isOpen()) {
          engine.stored(delivery);
        }
      }
    }
  }
}
