package dev.notify.memory;

import dev.notify.model.Assignment;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.ExperimentRun;
import dev.notify.model.NotificationRecord;
import dev.notify.spi.ExperimentStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Experiments in the heap. Counts a million people at most; who comes after that is sent to, and
 * not counted.
 */
final class MemoryExperiments implements ExperimentStore {

  private static final int MOST_PEOPLE = 1_000_000;

  private final int mostPeople;
  private final Map<String, ExperimentRun> runs = new TreeMap<>();

  /** By person, then by experiment. */
  private final Map<String, Map<String, Exposure>> people = new HashMap<>();

  private final Map<Tally, Count> counts = new HashMap<>();

  private record Exposure(String variant, Instant at, Map<String, Reached> goals) {}

  /** What is counted; the goal is empty for exposures. */
  private record Tally(Assignment assignment, String goal) {}

  MemoryExperiments() {
    this(MOST_PEOPLE);
  }

  MemoryExperiments(int mostPeople) {
    this.mostPeople = mostPeople;
  }

  @Override
  public synchronized ExperimentRun add(ExperimentRun run) {
    ExperimentRun earlier = runs.putIfAbsent(run.experiment().name(), run);
    return earlier == null ? run : earlier;
  }

  @Override
  public synchronized Optional<ExperimentRun> find(String name) {
    return Optional.ofNullable(runs.get(name));
  }

  @Override
  public synchronized List<ExperimentRun> list() {
    return List.copyOf(runs.values());
  }

  @Override
  public synchronized Optional<ExperimentRun> replace(ExperimentRun next) {
    ExperimentRun present = runs.get(next.experiment().name());
    if (present == null || present.version() != next.version()) {
      return Optional.empty();
    }
    runs.put(next.experiment().name(), next.stored());
    return Optional.of(next.stored());
  }

  @Override
  public synchronized Optional<String> variantOf(String experiment, String recipientId) {
    return Optional.ofNullable(people.getOrDefault(recipientId, Map.of()).get(experiment))
        .map(Exposure::variant);
  }

  /** A delivery has come to where it stands. */
  synchronized void note(Delivery delivery) {
    if (ExperimentStore.isExposure(delivery)) {
      expose(delivery);
    }
  }

  /** Something was told of a delivery. */
  synchronized void happened(Delivery delivery, DeliveryEvent event) {
    Optional<String> goal = ExperimentStore.goal(event);
    if (goal.isPresent() && ExperimentStore.isInExperiment(delivery)) {
      expose(delivery);
      convert(
          delivery.recipientId(),
          new Reached(goal.get(), 0, event.at()),
          delivery.assignment().orElseThrow());
    }
  }

  private void expose(Delivery delivery) {
    Assignment assignment = delivery.assignment().orElseThrow();
    Map<String, Exposure> known = people.get(delivery.recipientId());
    if (known == null) {
      if (people.size() >= mostPeople) {
        return;
      }
      known = new HashMap<>(2);
      people.put(delivery.recipientId(), known);
    }
    Exposure exposure = new Exposure(assignment.variant(), delivery.updatedAt(), new TreeMap<>());
    if (known.putIfAbsent(assignment.experiment(), exposure) == null) {
      count(new Tally(assignment, ""), 0);
    }
  }

  private void count(Tally tally, double amount) {
    counts.merge(
        tally,
        new Count(1, 1, amount),
        (before, one) ->
            new Count(before.people() + 1, before.converted() + 1, before.amount() + amount));
  }

  private boolean convert(String recipientId, Reached goal, Assignment assignment) {
    Exposure exposure = people.getOrDefault(recipientId, Map.of()).get(assignment.experiment());
    boolean isNews =
        exposure != null
            && exposure.variant().equals(assignment.variant())
            && exposure.goals().putIfAbsent(goal.goal(), goal) == null;
    if (isNews) {
      count(new Tally(assignment, goal.goal()), goal.amount());
    }
    return isNews;
  }

  @Override
  public synchronized int convert(
      String recipientId, String goal, double amount, Instant at, Optional<Assignment> only) {
    List<Assignment> all = new ArrayList<>();
    people
        .getOrDefault(recipientId, Map.of())
        .forEach((name, exposure) -> all.add(new Assignment(name, exposure.variant())));
    Reached reached = new Reached(goal, amount, at);
    int news = 0;
    for (Assignment one : only.map(List::of).orElse(all)) {
      news += convert(recipientId, reached, one) ? 1 : 0;
    }
    return news;
  }

  @Override
  public synchronized Map<String, Count> counts(String experiment, String goal) {
    Map<String, Count> byVariant = new HashMap<>();
    counts.forEach(
        (tally, count) -> {
          Assignment assignment = tally.assignment();
          if (assignment.experiment().equals(experiment) && tally.goal().isEmpty()) {
            Count converted = counts.getOrDefault(new Tally(assignment, goal), Count.NONE);
            byVariant.put(
                assignment.variant(),
                new Count(count.people(), converted.converted(), converted.amount()));
          }
        });
    return byVariant;
  }

  @Override
  public synchronized List<Participation> participations(String recipientId) {
    List<Participation> found = new ArrayList<>();
    new TreeMap<>(people.getOrDefault(recipientId, Map.of()))
        .forEach(
            (name, exposure) ->
                found.add(
                    new Participation(
                        name,
                        exposure.variant(),
                        exposure.at(),
                        List.copyOf(exposure.goals().values()))));
    return found;
  }

  @Override
  public synchronized long forget(String recipientId) {
    boolean isAnybody = !recipientId.equals(NotificationRecord.ERASED.recipientId());
    Map<String, Exposure> known = isAnybody ? people.remove(recipientId) : null;
    return known == null ? 0 : known.size();
  }
}
