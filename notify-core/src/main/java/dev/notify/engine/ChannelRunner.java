package dev.notify.engine;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.Health.ChannelHealth;
import dev.notify.model.Lane;
import dev.notify.model.Priority;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of one channel. A worker runs on the host's executor and takes whatever is most
 * urgent when it runs, not when it was submitted, so a small pool does not undo the lanes. Each
 * channel has workers of its own: a slow channel cannot hold up another.
 */
final class ChannelRunner {

  private static final Logger log = LoggerFactory.getLogger(ChannelRunner.class);

  /**
   * After so many jobs a worker gives its thread back and queues up again, for the host's other
   * work.
   */
  private static final int JOBS_A_TURN = 32;

  private static final Duration PAUSE_WHEN_REJECTED = Duration.ofMillis(200);

  private final Channel channel;
  private final int mostWorkers;
  private final int jobsAStart;
  private final Executor executor;
  private final EngineClock clock;
  private final Courier courier;
  private final Runnable refill;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Lanes lanes;
  private final Runnable worker = this::work;
  private final AtomicBoolean pumpsLater = new AtomicBoolean();
  private int workers;

  /** Those that have taken a job; the others start. */
  private int busy;

  ChannelRunner(
      Channel channel, EngineParts parts, Courier courier, int mostWorkers, Runnable refill) {
    this.channel = channel;
    this.mostWorkers = mostWorkers;
    this.jobsAStart = parts.settings().jobsAStart();
    this.executor = parts.executor();
    this.clock = parts.clock();
    this.courier = courier;
    this.refill = refill;
    lanes = new Lanes(parts.settings().laneCapacity(), mostWorkers);
  }

  boolean tryReserve(Priority priority) {
    lock.lock();
    try {
      return lanes.tryReserve(priority);
    } finally {
      lock.unlock();
    }
  }

  void cancelReservation(Priority priority) {
    lock.lock();
    try {
      lanes.cancelReservation(priority);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a job for which a place was kept. */
  void addReserved(Job job) {
    lock.lock();
    try {
      lanes.addReserved(job);
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Takes a job that was claimed from the store; {@link #pump} sets it going. */
  void addClaimed(Job job) {
    lock.lock();
    try {
      lanes.addLast(job);
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a job that had to wait for a provider, before all others of its lane. */
  void unpark(Job job) {
    lock.lock();
    try {
      lanes.unparked(job);
      lanes.addFirst(job);
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Takes back a job that was withdrawn after all. */
  void putBack(Job job) {
    lock.lock();
    try {
      lanes.addFirst(job);
    } finally {
      lock.unlock();
    }
    pump();
  }

  /** Gives up the place of a job that will not come back from the provider it waited for. */
  void forget(Job job) {
    lock.lock();
    try {
      lanes.unparked(job);
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Begins to fill lanes from the store, and says how many jobs each has room for. */
  void beginClaim(Map<Lane, Integer> room) {
    lock.lock();
    try {
      for (Priority priority : Priority.values()) {
        int free = lanes.beginClaim(priority);
        if (free > 0) {
          room.put(new Lane(channel, priority), free);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends it, once all that was claimed has been added. */
  void endClaim(Priority priority, boolean moreInStore) {
    lock.lock();
    try {
      lanes.endClaim(priority, moreInStore);
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the store has work for a lane; answers whether the lane wants it now. */
  boolean noteMoreInStore(Priority priority) {
    lock.lock();
    try {
      lanes.noteMoreInStore(priority);
      return lanes.wantsRefill();
    } finally {
      lock.unlock();
    }
  }

  Optional<Job> withdraw(Delivery delivery) {
    lock.lock();
    try {
      Optional<Job> job = lanes.withdraw(delivery);
      idle.signalAll();
      return job;
    } finally {
      lock.unlock();
    }
  }

  Optional<Job> withdrawAny() {
    lock.lock();
    try {
      Optional<Job> job = lanes.withdrawAny();
      idle.signalAll();
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** Starts as many workers as there is work for, within the limit. */
  void pump() {
    boolean goesOn = true;
    while (goesOn && reserveWorker()) {
      goesOn = start();
    }
  }

  /** Answers whether the executor took it. */
  private boolean start() {
    try {
      executor.execute(worker);
      return true;
    } catch (RuntimeException | Error e) {
      // Rejected in its own way, or no thread to be had; what is stored is stored all the same.
      releaseWorker(false);
      pumpLater(e);
      return false;
    }
  }

  /** A worker that takes one of several jobs sees to the others before it begins. */
  private void startAnother() {
    // Where each job has a start of its own, whoever brought it has asked for that.
    if (jobsAStart > 1 && !pumpsLater.get() && reserveWorker()) {
      boolean ignored = start();
    }
  }

  /** One call later does for all who were refused meanwhile. */
  private void pumpLater(Throwable refusal) {
    if (pumpsLater.compareAndSet(false, true)) {
      log.warn(
          "executor refused work for channel {} with {}; trying again in {}",
          channel,
          refusal.getClass().getName(),
          PAUSE_WHEN_REJECTED);
      try {
        clock.wakeUp(PAUSE_WHEN_REJECTED, this::pumpAgain);
      } catch (RuntimeException | Error e) {
        // Whoever asked may have a job in hand, which must not be lost to this; the next one asks.
        pumpsLater.set(false);
        log.warn("channel {} cannot try again later: {}", channel, e.getClass().getName());
      }
    }
  }

  private void pumpAgain() {
    pumpsLater.set(false);
    pump();
  }

  private boolean reserveWorker() {
    lock.lock();
    try {
      int startingUp = workers - busy;
      if (workers >= mostWorkers
          || lanes.queued() <= startingUp * jobsAStart
          || !lanes.canStart()) {
        return false;
      }
      workers++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void releaseWorker(boolean hasWorked) {
    lock.lock();
    try {
      workers--;
      if (hasWorked) {
        busy--;
      }
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    int jobs = 0;
    boolean isCounted = true;
    try {
      while (jobs < JOBS_A_TURN && isCounted) {
        Job job = take(jobs > 0);
        if (job == null) {
          isCounted = false;
        } else {
          jobs++;
          carry(job);
        }
      }
    } finally {
      // Whatever was thrown: nobody must wait for a worker that is gone.
      if (isCounted) {
        releaseWorker(jobs > 0);
        pump();
      }
    }
  }

  private void carry(Job job) {
    boolean parked = false;
    boolean wantsRefill = false;
    try {
      startAnother();
      parked = !courier.carry(job);
    } finally {
      wantsRefill = finished(job, parked);
    }
    if (wantsRefill) {
      // The place that it leaves for now may be the one that a job of this lane has waited for.
      startAnother();
      refill.run();
    }
  }

  /**
   * The next job; without one the worker is released under the same lock, so no job is left behind.
   *
   * @param hasWorked whether the worker has been busy until now: looking into the store, too
   */
  private @Nullable Job take(boolean hasWorked) {
    lock.lock();
    try {
      if (hasWorked) {
        busy--;
      }
      Job job = lanes.take();
      if (job == null) {
        workers--;
        idle.signalAll();
      } else {
        busy++;
      }
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** Answers whether the store has work for a lane that has become half empty. */
  private boolean finished(Job job, boolean parked) {
    lock.lock();
    try {
      lanes.finished(job);
      if (parked) {
        lanes.parked(job);
      }
      return lanes.wantsRefill();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the store has work for a lane that has become half empty. */
  boolean wantsRefill() {
    lock.lock();
    try {
      return lanes.wantsRefill();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all work has come to its end, at most so long.
   *
   * @param alsoInStore whether what is due in the store counts too
   * @return whether that came about
   */
  boolean awaitIdle(long nanos, boolean alsoInStore) throws InterruptedException {
    lock.lock();
    try {
      long deadline = clock.nanoTime() + nanos;
      for (long left = nanos;
          hasWork(alsoInStore) && left > 0;
          left = deadline - clock.nanoTime()) {
        clock.await(lock, idle, Duration.ofNanos(left));
      }
      return !hasWork(alsoInStore);
    } finally {
      lock.unlock();
    }
  }

  /** No worker does not mean no work: one that gives its thread back comes again. */
  private boolean hasWork(boolean alsoInStore) {
    return workers > 0 || lanes.hasJobs() || (alsoInStore && lanes.expectMore());
  }

  ChannelHealth health() {
    lock.lock();
    try {
      return new ChannelHealth(
          channel, lanes.queued(), lanes.busy(), lanes.room(), lanes.queuedBy());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "ChannelRunner["
          + channel
          + ", "
          + lanes.queued()
          + " queued, "
          + lanes.busy()
          + " busy]";
    } finally {
      lock.unlock();
    }
  }
}
