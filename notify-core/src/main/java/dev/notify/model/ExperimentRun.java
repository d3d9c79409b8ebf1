package dev.notify.model;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An experiment as it stands: a snapshot as a store keeps it. Every change makes a new value.
 *
 * @param experiment what was declared
 * @param state where it stands
 * @param allocation the share of each variant at this moment; stopped ones have none
 * @param reallocated whether shares were ever changed; then they cannot be checked against what
 *     came
 * @param stopped variants that nobody gets any more
 * @param winner the variant that everybody gets, once it is concluded with one
 * @param createdAt when it was declared
 * @param allocatedAt when shares were last worked out
 * @param version grows with each change; a change of an older one is refused
 * @since 0.1
 */
public record ExperimentRun(
    Experiment experiment,
    State state,
    Map<String, Double> allocation,
    boolean reallocated,
    Set<String> stopped,
    Optional<String> winner,
    Instant createdAt,
    Instant allocatedAt,
    long version) {

  /** Where an experiment stands. */
  public enum State {
    /** People are assigned and counted. */
    RUNNING,
    /** Nobody is assigned any more: everybody gets the winner, or the notification as it is. */
    CONCLUDED
  }

  /** Takes copies. */
  public ExperimentRun {
    allocation = Collections.unmodifiableMap(new LinkedHashMap<>(allocation));
    stopped = Set.copyOf(stopped);
  }

  /** An experiment that begins. */
  public static ExperimentRun begin(Experiment experiment, Instant now) {
    return new ExperimentRun(
        experiment,
        State.RUNNING,
        experiment.weights(),
        false,
        Set.of(),
        Optional.empty(),
        now,
        now,
        0);
  }

  /** With other shares. */
  public ExperimentRun allocated(Map<String, Double> shares, Instant now) {
    Map<String, Double> next = new LinkedHashMap<>();
    experiment
        .weights()
        .keySet()
        .forEach(one -> next.put(one, stopped.contains(one) ? 0.0 : shares.getOrDefault(one, 0.0)));
    boolean changes = !next.equals(allocation);
    return new ExperimentRun(
        experiment, state, next, reallocated || changes, stopped, winner, createdAt, now, version);
  }

  /** Without a variant: who had it moves to the rest. */
  public ExperimentRun without(String variant, Instant now) {
    Set<String> more = new HashSet<>(stopped);
    more.add(variant);
    return new ExperimentRun(
            experiment,
            state,
            allocation,
            reallocated,
            more,
            winner,
            createdAt,
            allocatedAt,
            version)
        .allocated(allocation, now);
  }

  /** At its end. */
  public ExperimentRun concluded(Optional<String> everybodyGets) {
    return new ExperimentRun(
        experiment,
        State.CONCLUDED,
        allocation,
        reallocated,
        stopped,
        everybodyGets,
        createdAt,
        allocatedAt,
        version);
  }

  /** As the store has it after a change. */
  public ExperimentRun stored() {
    return new ExperimentRun(
        experiment,
        state,
        allocation,
        reallocated,
        stopped,
        winner,
        createdAt,
        allocatedAt,
        version + 1);
  }

  /** Whether people are assigned. */
  public boolean isRunning() {
    return state == State.RUNNING;
  }
}
