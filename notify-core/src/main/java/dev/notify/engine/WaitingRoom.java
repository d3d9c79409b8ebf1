package dev.notify.engine;

import dev.notify.model.DeliveryId;
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
    onTheirWay.remove(job.delivery().id());
    ArrayDeque<Job> others = waiting.getOrDefault(kind, new ArrayDeque<>());
    if (taken >= places || !mayCall(kind, others.size() + 1)) {
      others.add(job);
      waiting.putIfAbsent(kind, others);
      return List.of();
    }
    taken++;
    underWay.merge(kind, 1, Integer::sum);
    List<Job> together = new ArrayList<>();
    together.add(job);
    while (together.size() < callLimit && !others.isEmpty()) {
      together.add(others.remove());
    }
    forgetIfEmpty(kind, others);
    return together;
  }

  private boolean mayCall(Kind kind, int jobs) {
    return jobs >= callLimit || underWay.getOrDefault(kind, 0) < CALLS_BEFORE_GATHERING;
  }

  private void forgetIfEmpty(Kind kind, ArrayDeque<Job> jobs) {
    if (jobs.isEmpty()) {
      waiting.remove(kind);
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
    for (Map.Entry<Kind, ArrayDeque<Job>> entry : waiting.entrySet()) {
      ArrayDeque<Job> jobs = entry.getValue();
      if (mayCall(entry.getKey(), jobs.size())) {
        return first(entry.getKey(), jobs);
      }
    }
    return null;
  }

  /** The kinds take turns. */
  private Job first(Kind kind, ArrayDeque<Job> jobs) {
    Job first = jobs.remove();
    onTheirWay.add(first.delivery().id());
    waiting.remove(kind);
    if (!jobs.isEmpty()) {
      waiting.put(kind, jobs);
    }
    return first;
  }

  synchronized Optional<Job> withdraw(DeliveryId delivery) {
    for (Map.Entry<Kind, ArrayDeque<Job>> entry : waiting.entrySet()) {
      for (Iterator<Job> jobs = entry.getValue().iterator(); jobs.hasNext(); ) {
        Job job = jobs.next();
        if (job.delivery().id().equals(delivery)) {
          jobs.remove();
          forgetIfEmpty(entry.getKey(), entry.getValue());
          return Optional.of(job);
        }
      }
    }
    return Optional.empty();
  }

  synchronized Optional<Job> withdrawAny() {
    return waiting.isEmpty()
        ? Optional.empty()
        : withdraw(waiting.values().iterator().next().element().delivery().id());
  }

  /** Calls under way. */
  synchronized int taken() {
    return taken;
  }
}
