package dev.notify.engine;

import dev.notify.model.Delivery;
import dev.notify.model.Priority;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The four lanes of one channel: bounded queues with weights. A busy lane gets its share and no
 * more, so a flood of LOW cannot delay CRITICAL, and LOW never starves. Not thread-safe.
 *
 * <p>The choice is smooth weighted round robin over the lanes that have work. Besides, each lane
 * leaves a few workers free for those above it, so that CRITICAL finds one even when all others are
 * stuck in slow calls.
 */
final class Lanes {

  private static final Priority[] PRIORITIES = Priority.values();
  private static final int[] WEIGHTS = {8, 4, 2, 1};

  private final int capacity;
  private final int workers;
  private final Lane[] lanes = new Lane[PRIORITIES.length];
  private int queued;

  private static final class Lane {
    final ArrayDeque<Job> queue = new ArrayDeque<>();
    int reserved;
    int parked;
    int busy;
    int credit;
    boolean moreInStore;

    /** How many a claim under way may bring. */
    int asked;
  }

  Lanes(int capacity, int workers) {
    this.capacity = capacity;
    this.workers = workers;
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane();
    }
  }

  private Lane lane(Priority priority) {
    return lanes[priority.ordinal()];
  }

  /**
   * Keeps a place for a delivery that is about to be stored, unless the store has some that have
   * waited longer.
   */
  boolean tryReserve(Priority priority) {
    Lane lane = lane(priority);
    if (lane.moreInStore || room(priority) <= lane.asked) {
      return false;
    }
    lane.reserved++;
    return true;
  }

  void cancelReservation(Priority priority) {
    lane(priority).reserved--;
  }

  void addReserved(Job job) {
    cancelReservation(priorityOf(job));
    addLast(job);
  }

  void addLast(Job job) {
    lane(priorityOf(job)).queue.addLast(job);
    queued++;
  }

  void addFirst(Job job) {
    lane(priorityOf(job)).queue.addFirst(job);
    queued++;
  }

  void parked(Job job) {
    lane(priorityOf(job)).parked++;
  }

  void unparked(Job job) {
    lane(priorityOf(job)).parked--;
  }

  private int room(Priority priority) {
    Lane lane = lane(priority);
    return Math.max(0, capacity - lane.queue.size() - lane.reserved - lane.parked);
  }

  /**
   * How many a claim that begins now may bring. A part of the room is left for what is accepted
   * meanwhile: sent to the store, it would keep the store in the way of all that follow. What is
   * stored meanwhile may come too late for the claim, so the note of that must outlive it.
   */
  int beginClaim(Priority priority) {
    int room = room(priority);
    int asked = room - room / 4;
    if (asked > 0) {
      lane(priority).asked = asked;
      lane(priority).moreInStore = false;
    }
    return asked;
  }

  void endClaim(Priority priority, boolean moreInStore) {
    lane(priority).asked = 0;
    lane(priority).moreInStore |= moreInStore;
  }

  void noteMoreInStore(Priority priority) {
    lane(priority).moreInStore = true;
  }

  /** Whether the store has work for a lane that has become half empty. */
  boolean wantsRefill() {
    for (Priority priority : PRIORITIES) {
      if (lane(priority).moreInStore && room(priority) * 2 >= capacity) {
        return true;
      }
    }
    return false;
  }

  /** Jobs that all lanes together would still take. */
  int room() {
    int room = 0;
    for (Priority priority : PRIORITIES) {
      room += room(priority);
    }
    return room;
  }

  int queued() {
    return queued;
  }

  /** How many were taken and are not finished. */
  int busy() {
    int busy = 0;
    for (Lane lane : lanes) {
      busy += lane.busy;
    }
    return busy;
  }

  /** How many wait in each lane. */
  Map<Priority, Integer> queuedBy() {
    Map<Priority, Integer> waiting = new EnumMap<>(Priority.class);
    for (Priority priority : PRIORITIES) {
      waiting.put(priority, lane(priority).queue.size());
    }
    return waiting;
  }

  /** Whether any job waits here or at a provider, or is about to be added. */
  boolean hasJobs() {
    for (Lane lane : lanes) {
      if (lane.parked > 0 || lane.reserved > 0) {
        return true;
      }
    }
    return queued > 0;
  }

  /** Whether the store has work, or is just being asked. */
  boolean expectMore() {
    for (Lane lane : lanes) {
      if (lane.moreInStore || lane.asked > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * The next job, of the lane whose turn it is; none if all is empty or must leave workers free.
   */
  @Nullable Job take() {
    int turn = -1;
    int sum = 0;
    for (int i = 0; i < lanes.length; i++) {
      if (!lanes[i].queue.isEmpty() && mayStart(i)) {
        lanes[i].credit += WEIGHTS[i];
        sum += WEIGHTS[i];
        if (turn < 0 || lanes[i].credit > lanes[turn].credit) {
          turn = i;
        }
      }
    }
    if (turn < 0) {
      return null;
    }
    lanes[turn].credit -= sum;
    lanes[turn].busy++;
    queued--;
    return lanes[turn].queue.removeFirst();
  }

  /** Whether {@link #take} would find a job. */
  boolean canStart() {
    for (int i = 0; i < lanes.length; i++) {
      if (!lanes[i].queue.isEmpty() && mayStart(i)) {
        return true;
      }
    }
    return false;
  }

  void finished(Job job) {
    lane(priorityOf(job)).busy--;
  }

  private boolean mayStart(int index) {
    int busyHereAndBelow = 0;
    for (int i = lanes.length - 1; i >= 0; i--) {
      busyHereAndBelow += lanes[i].busy;
      // What those below may still take, the lanes between have perhaps used up.
      if (i <= index && busyHereAndBelow >= workers - keptFrom(i)) {
        return false;
      }
    }
    return true;
  }

  /** How many workers a lane and those below it leave to those above. */
  private int keptFrom(int index) {
    return workers >= 8 ? Math.max(1, workers / 16) * index : 0;
  }

  /** Takes out a job that nobody has started. */
  Optional<Job> withdraw(Delivery delivery) {
    return withdraw(
        lane(delivery.lane().priority()), job -> job.delivery().id().equals(delivery.id()));
  }

  /** Takes out any job that nobody has started. */
  Optional<Job> withdrawAny() {
    for (Lane lane : lanes) {
      Optional<Job> job = withdraw(lane, any -> true);
      if (job.isPresent()) {
        return job;
      }
    }
    return Optional.empty();
  }

  private Optional<Job> withdraw(Lane lane, Predicate<Job> which) {
    for (Iterator<Job> jobs = lane.queue.iterator(); jobs.hasNext(); ) {
      Job job = jobs.next();
      if (which.test(job)) {
        jobs.remove();
        queued--;
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  private static Priority priorityOf(Job job) {
    return job.delivery().lane().priority();
  }
}
