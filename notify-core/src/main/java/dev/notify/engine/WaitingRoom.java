package dev.notify.engine;

import dev.notify.model.DeliveryId;
import dev.notify.model.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places for calls of one provider, and the jobs that wait for one.
 *
 * <p>Jobs of one kind may share a call. While as many calls of a kind are under way as may go by
 * themselves, those that follow gather, and the next call takes them along. So a lone message never
 * waits for company, and a crowd fills its calls; no timer is needed.
 */
final class WaitingRoom {

  /** Calls of one kind that go as they are; while they are under way, the others gather. */
  private static final int CALLS_BEFORE_GATHERING = 2;

  private final int places;
  private final int callLimit;

  /** By kind, in the order in which the kinds began to wait. */
  private final Map<Kind, ArrayDeque<Job>> waiting = new LinkedHashMap<>();

  /** The same of {@code CRITICAL} ones, which go first. */
  private final Map<Kind, ArrayDeque<Job>> urgent = new LinkedHashMap<>();

  /** Of kinds that share: who goes alone gathers nobody. */
  private final Map<Kind, Integer> underWay = new HashMap<>();

  /** Those who were let go on and have not come to take their place. */
  private final Set<DeliveryId> onTheirWay = new HashSet<>();

  private int taken;

  /** So many calls at a time, each with so many messages at most. */
  WaitingRoom(int places, int callLimit) {
    this.places = places;
    this.callLimit = callLimit;
  }

  /**
   * Takes a place for a job, or keeps the job until it can have one.
   *
   * @return the jobs of its kind that go along, itself first; empty if it has to wait
   */
  synchronized List<Job> enterOrWait(Kind kind, Job job) {
    Map<Kind, ArrayDeque<Job>> line = lineOf(job);
    ArrayDeque<Job> others = line.get(kind);
    if (taken >= places || !mayCall(kind, others == null ? 1 : others.size() + 1)) {
      // Who was let go on and waits again has not taken the place: another kind may.
      line.computeIfAbsent(placeOf(job, kind), any -> new ArrayDeque<>()).add(job);
      return List.of();
    }
    onTheirWay.remove(job.delivery().id());
    taken++;
    if (kind.shares()) {
      underWay.merge(kind, 1, Integer::sum);
    }
    if (others == null) {
      return List.of(job);
    }
    List<Job> together = new ArrayList<>(Math.min(callLimit, others.size() + 1));
    together.add(job);
    while (together.size() < callLimit && !others.isEmpty()) {
      together.add(others.remove());
    }
    forgetIfEmpty(line, kind, others);
    return together;
  }

  /** Who goes alone takes turns with the kinds as if it were one. */
  private static Kind placeOf(Job job, Kind kind) {
    return kind.shares() ? kind : new Kind(job.delivery().id(), false);
  }

  private Map<Kind, ArrayDeque<Job>> lineOf(Job job) {
    return job.delivery().lane().priority() == Priority.CRITICAL ? urgent : waiting;
  }

  private boolean mayCall(Kind kind, int jobs) {
    return jobs >= callLimit || underWay.getOrDefault(kind, 0) < CALLS_BEFORE_GATHERING;
  }

  private static void forgetIfEmpty(
      Map<Kind, ArrayDeque<Job>> line, Kind kind, ArrayDeque<Job> jobs) {
    if (jobs.isEmpty()) {
      line.remove(kind);
    }
  }

  /** Gives a place back; answers a job that may try for it. */
  synchronized @Nullable Job leave(Kind kind) {
    taken--;
    underWay.computeIfPresent(kind, (same, calls) -> calls == 1 ? null : calls - 1);
    return next();
  }

  /** Whoever was let go on will not come; answers a job that may try for the place instead. */
  synchronized @Nullable Job insteadOf(Job job) {
    return onTheirWay.remove(job.delivery().id()) ? next() : null;
  }

  private @Nullable Job next() {
    if (taken >= places) {
      return null;
    }
    Job next = next(urgent);
    return next == null ? next(waiting) : next;
  }

  private @Nullable Job next(Map<Kind, ArrayDeque<Job>> line) {
    for (Map.Entry<Kind, ArrayDeque<Job>> entry : line.entrySet()) {
      ArrayDeque<Job> jobs = entry.getValue();
      if (mayCall(entry.getKey(), jobs.size())) {
        return first(line, entry.getKey(), jobs);
      }
    }
    return null;
  }

  /** The kinds take turns. */
  private Job first(Map<Kind, ArrayDeque<Job>> line, Kind kind, ArrayDeque<Job> jobs) {
    Job first = jobs.remove();
    onTheirWay.add(first.delivery().id());
    line.remove(kind);
    if (!jobs.isEmpty()) {
      line.put(kind, jobs);
    }
    return first;
  }

  synchronized Optional<Job> withdraw(DeliveryId delivery) {
    return withdraw(urgent, delivery).or(() -> withdraw(waiting, delivery));
  }

  private static Optional<Job> withdraw(Map<Kind, ArrayDeque<Job>> line, DeliveryId delivery) {
    for (Map.Entry<Kind, ArrayDeque<Job>> entry : line.entrySet()) {
      for (Iterator<Job> jobs = entry.getValue().iterator(); jobs.hasNext(); ) {
        Job job = jobs.next();
        if (job.delivery().id().equals(delivery)) {
          jobs.remove();
          forgetIfEmpty(line, entry.getKey(), entry.getValue());
          return Optional.of(job);
        }
      }
    }
    return Optional.empty();
  }

  synchronized Optional<Job> withdrawAny() {
    return Stream.of(urgent, waiting)
        .flatMap(line -> line.values().stream())
        .findFirst()
        .flatMap(jobs -> withdraw(jobs.element().delivery().id()));
  }

  /** Calls under way. */
  synchronized int taken() {
    return taken;
  }
}
