package dev.notify;

import dev.notify.experiment.Judge;
import dev.notify.experiment.Lot;
import dev.notify.experiment.Thompson;
import dev.notify.model.Assignment;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentRun;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.Variant;
import dev.notify.routing.People.Person;
import dev.notify.spi.ExperimentStore;
import dev.notify.spi.ExperimentStore.Count;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a notification the form that its person gets in an experiment. */
final class Variants {

  private static final Logger log = LoggerFactory.getLogger(Variants.class);

  private final Wiring wiring;
  private final Set<String> beingAllocated = ConcurrentHashMap.newKeySet();

  Variants(Wiring wiring) {
    this.wiring = wiring;
  }

  private ExperimentStore store() {
    return wiring
        .parts()
        .store()
        .experiments()
        .orElseThrow(() -> new ConfigurationException("the store cannot keep experiments"));
  }

  /**
   * The notification in its variant; as it is if it takes part in no experiment, or has its variant
   * already.
   *
   * @param asked the moment that times count from
   * @throws InvalidNotificationException if there is no such experiment
   */
  Notification assigned(Notification notification, Person person, Instant asked) {
    if (notification.experiment().isEmpty() || notification.assignment().isPresent()) {
      return notification;
    }
    String name = notification.experiment().get();
    ExperimentRun run =
        store()
            .find(name)
            .orElseThrow(
                () ->
                    new InvalidNotificationException(
                        "experiment",
                        "there is none called '"
                            + name
                            + "'; declare it with dispatcher.experiments().create"));
    if (!run.isRunning()) {
      return run.winner()
          .flatMap(run.experiment()::variant)
          .map(winner -> formed(notification, winner, person, asked).build())
          .orElse(notification);
    }
    reallocateIfDue(run);
    String chosen = choose(run, person.recipient().id());
    Notification.Builder formed =
        run.experiment()
            .variant(chosen)
            .map(variant -> formed(notification, variant, person, asked))
            .orElseGet(notification::toBuilder);
    return formed.assignment(new Assignment(name, chosen)).build();
  }

  /** Told of what comes together, so that nobody's variant needs a look of its own. */
  void expect(Collection<Notification> together) {
    Map<String, List<String>> people = new HashMap<>();
    for (Notification one : together) {
      if (one.experiment().isPresent() && one.assignment().isEmpty()) {
        people
            .computeIfAbsent(one.experiment().get(), name -> new ArrayList<>())
            .add(one.recipientId());
      }
    }
    people.forEach(this::expect);
  }

  /** Told of the people that notifications of an experiment go to next. */
  void expect(String experiment, List<String> recipientIds) {
    try {
      boolean isAsked =
          store()
              .find(experiment)
              .filter(run -> run.isRunning() && run.experiment().bandit().isPresent())
              .isPresent();
      if (isAsked) {
        store().expect(experiment, recipientIds);
      }
    } catch (NotifyException e) {
      // Whoever sends meets the same, and tells it.
      log.debug("experiment {} could not be looked at ahead: {}", experiment, e.getMessage());
    }
  }

  private String choose(ExperimentRun run, String recipientId) {
    Experiment experiment = run.experiment();
    if (Lot.isHeldOut(experiment.salt(), experiment.holdout(), recipientId)) {
      return Assignment.HOLDOUT;
    }
    // Shares that follow the results move all the time; who has seen a variant keeps it.
    Optional<String> before =
        experiment.bandit().isPresent()
            ? store().variantOf(experiment.name(), recipientId)
            : Optional.empty();
    return before
        .filter(variant -> run.allocation().getOrDefault(variant, 0.0) > 0)
        .orElseGet(() -> Lot.variant(experiment.salt(), run.allocation(), recipientId));
  }

  private static Notification.Builder formed(
      Notification notification, Variant variant, Person person, Instant asked) {
    Notification.Builder formed = notification.toBuilder();
    if (variant.template().isPresent()) {
      formed.template(
          variant.template().get(),
          notification.template().map(known -> known.variables()).orElse(Map.of()));
      notification.content().ifPresent(words -> formed.extras(words.extras()));
    }
    variant.routing().ifPresent(formed::routing);
    Instant due = notification.schedule().due(asked, person.zone());
    variant.delay().filter(delay -> !delay.isZero()).ifPresent(delay -> formed.at(due.plus(delay)));
    variant
        .localTime()
        .ifPresent(
            time -> {
              ZonedDateTime from = due.atZone(person.zone());
              LocalDateTime then = from.toLocalDate().atTime(time);
              boolean isOver = then.isBefore(from.toLocalDateTime());
              formed.atLocalTime(isOver ? then.plusDays(1) : then);
            });
    return formed;
  }

  /** In the background: nobody who sends waits for it, and it may be late. */
  private void reallocateIfDue(ExperimentRun run) {
    String name = run.experiment().name();
    if (run.experiment().bandit().isEmpty()
        || wiring.now().isBefore(run.allocatedAt().plus(run.experiment().bandit().get().every()))
        || !beingAllocated.add(name)) {
      return;
    }
    try {
      wiring.parts().executor().execute(() -> reallocate(run));
    } catch (RuntimeException e) {
      beingAllocated.remove(name);
      log.debug("shares of experiment {} are worked out later: no thread", name);
    }
  }

  private void reallocate(ExperimentRun run) {
    Experiment experiment = run.experiment();
    try {
      Map<String, Count> counts = store().counts(experiment.name(), experiment.goal());
      Map<String, Count> inPlay = new LinkedHashMap<>();
      for (Variant variant : experiment.variants()) {
        if (!run.stopped().contains(variant.name())) {
          inPlay.put(variant.name(), counts.getOrDefault(variant.name(), Count.NONE));
        }
      }
      Map<String, Double> shares =
          Thompson.shares(
              inPlay,
              experiment.bandit().orElseThrow().floor(),
              Judge.isToBeAvoided(experiment.goal()));
      // If another node was first, its shares are as good.
      var unused = store().replace(run.allocated(shares, wiring.now()));
    } catch (RuntimeException e) {
      log.warn("shares of experiment {} stay as they are: {}", experiment.name(), e.getMessage());
    } finally {
      beingAllocated.remove(experiment.name());
    }
  }
}
