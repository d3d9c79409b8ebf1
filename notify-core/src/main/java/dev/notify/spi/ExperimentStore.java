package dev.notify.spi;

import dev.notify.model.Assignment;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.ExperimentRun;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a store that keeps experiments, and counts people in them. All methods are
 * thread-safe and atomic.
 *
 * <p>Exposures are not told to it: a store notes them together with what makes them, when a
 * delivery that has an {@link Delivery#assignment} is sent, or ends as {@code SUPPRESSED} with the
 * reason {@code HOLDOUT}. So it does with conversions by engagement (opened, clicked, read,
 * complained, unsubscribed, converted) that is no program's. A person is exposed once to each
 * experiment, to the variant that came first; engagement with another one is not counted.
 *
 * @since 0.1
 */
public interface ExperimentStore {

  /**
   * Keeps a new experiment; nothing if there is one of its name.
   *
   * @return the experiment, or the earlier one
   */
  ExperimentRun add(ExperimentRun run);

  /**
   * An experiment as it stands. May be some seconds old (the JDBC store says how many) where
   * another process has changed it.
   */
  Optional<ExperimentRun> find(String name);

  /** All experiments, by name. */
  List<ExperimentRun> list();

  /**
   * Replaces an experiment, if it still has the version that {@code next} carries.
   *
   * @return the experiment with its new version; empty if someone else changed it
   */
  Optional<ExperimentRun> replace(ExperimentRun next);

  /** The variant that a person was exposed to first; may be some seconds old likewise. */
  Optional<String> variantOf(String experiment, String recipientId);

  /**
   * Told of whom {@link #variantOf} will be asked next, so that a store that reads from afar may
   * read them together.
   */
  default void expect(String experiment, Collection<String> recipientIds) {}

  /**
   * Notes that a person came to a goal, in every experiment that they were exposed to by then.
   *
   * @param amount what it was worth; 0 if that does not matter
   * @param only the one experiment and variant that it is about; all if absent
   * @return in how many experiments that was news: a person counts once for each goal
   */
  int convert(
      String recipientId, String goal, double amount, Instant at, Optional<Assignment> only);

  /** How many people were exposed and came to a goal, by variant; the holdout among them. */
  Map<String, Count> counts(String experiment, String goal);

  /** What is kept of a person: where they were exposed, and what they came to; by experiment. */
  List<Participation> participations(String recipientId);

  /**
   * Forgets who a person is, so that nothing leads to them any more; that somebody was exposed and
   * converted stays, so that counts stay true.
   *
   * @return in how many experiments they were
   */
  long forget(String recipientId);

  /** Whether a delivery is part of an experiment, and its person was not forgotten. */
  static boolean isInExperiment(Delivery delivery) {
    return delivery.assignment().isPresent()
        && !delivery.recipientId().equals(NotificationRecord.ERASED.recipientId());
  }

  /** Whether its person is exposed by how a delivery stands. */
  static boolean isExposure(Delivery delivery) {
    return isInExperiment(delivery) && (delivery.status().isSent() || isHeldOut(delivery));
  }

  private static boolean isHeldOut(Delivery delivery) {
    return delivery.status() == DeliveryStatus.SUPPRESSED
        && delivery.reason().filter(why -> why.code().equals(Reason.HOLDOUT)).isPresent();
  }

  /** The goal that a person has come to by an event; empty if it is none, or a program's. */
  static Optional<String> goal(DeliveryEvent event) {
    if (!event.isEngagement()) {
      return Optional.empty();
    }
    return event.type() == DeliveryEvent.Type.CONVERTED
        ? event.reason().map(Reason::code)
        : Optional.of(event.type().name().toLowerCase(Locale.ROOT));
  }

  /**
   * What one experiment has of a person.
   *
   * @param experiment its name
   * @param variant that they were exposed to first; the holdout among them
   * @param at when that was
   * @param reached what they came to after that, by the goal's name
   */
  record Participation(String experiment, String variant, Instant at, List<Reached> reached) {
    /** Takes a copy. */
    public Participation {
      reached = List.copyOf(reached);
    }
  }

  /**
   * A goal that a person came to.
   *
   * @param goal its name
   * @param amount what it was worth
   * @param at when they came to it first
   */
  record Reached(String goal, double amount, Instant at) {}

  /**
   * What was counted of a variant.
   *
   * @param people who were exposed to it
   * @param converted how many of them came to the goal
   * @param amount what that was worth
   */
  record Count(long people, long converted, double amount) {
    /** Nobody. */
    public static final Count NONE = new Count(0, 0, 0);
  }
}
