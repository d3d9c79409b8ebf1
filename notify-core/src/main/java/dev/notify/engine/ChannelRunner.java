package dev.notify.engine;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.Lane;
import dev.notify.model.Priority;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
  private final Executor executor;
  private final EngineClock clock;
  private final Courier courier;
  private final Runnable refill;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Lanes lanes;
  private final Runnable worker = this::work;
  private int workers;
  private int busy;

  ChannelRunner(
      Channel channel, EngineParts parts, Courier courier, int mostWorkers, Runnable refill) {
    this.channel = channel;
    this.mostWorkers = mostWorkers;
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

  /** Takes a job that was claimed from the store. */
  void addClaimed(Job job) {
    lock.lock();
    try {
      lanes.addLast(job);
    } finally {
      lock.unlock();
    }
    pump();
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

  void addRoom(Map<Lane, Integer> room) {
    lock.lock();
    try {
      for (Priority priority : Priority.values()) {
        int free = lanes.room(priority);
        if (free > 0) {
          room.put(new Lane(channel, priority), free);
        } else {
          lanes.moreInStore(priority, true);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes whether the store has more for a lane; answers whether the lane wants it now. */
  boolean moreInStore(Priority priority, boolean more) {
    lock.lock();
    try {
      lanes.moreInStore(priority, more);
      return lanes.wantsRefill();
    } finally {
      lock.unlock();
    }
  }

  Optional<Job> withdraw(Delivery delivery) {
    lock.lock();
    try {
      return lanes.withdraw(delivery);
    } finally {
      lock.unlock();
    }
  }

  Optional<Job> withdrawAny() {
    lock.lock();
    try {
      return lanes.withdrawAny();
    } finally {
      lock.unlock();
    }
  }

  /** Starts as many workers as there is work for, within the limit. */
  private void pump() {
    while (reserveWorker()) {
      try {
        executor.execute(worker);
      } catch (RejectedExecutionException e) {
        releaseWorker();
        log.warn(
            "executor refused work for channel {}; trying again in {}",
            channel,
            PAUSE_WHEN_REJECTED);
        clock.wakeUp(PAUSE_WHEN_REJECTED, this::pump);
        return;
      }
    }
  }

  private boolean reserveWorker() {
    lock.lock();
    try {
      int startingUp = workers - busy;
      if (workers >= mostWorkers || lanes.queued() <= startingUp || !lanes.canStart()) {
        return false;
      }
      workers++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void releaseWorker() {
    lock.lock();
    try {
      workers--;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (int turn = 0; turn < JOBS_A_TURN; turn++) {
      Job job = take();
      if (job == null) {
        return;
      }
      boolean parked = false;
      try {
        parked = !courier.carry(job);
      } finally {
        finished(job, parked);
      }
      if (wantsRefill()) {
        refill.run();
      }
    }
    releaseWorker();
    pump();
  }

  /**
   * The next job; without one the worker is released under the same lock, so no job is left behind.
   */
  private @Nullable Job take() {
    lock.lock();
    try {
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

  private void finished(Job job, boolean parked) {
    lock.lock();
    try {
      busy--;
      lanes.finished(job);
      if (parked) {
        lanes.parked(job);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean wantsRefill() {
    lock.lock();
    try {
      return lanes.wantsRefill();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no worker is left, at most so long; answers whether that came about. */
  boolean awaitIdle(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (workers > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
      return workers == 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "ChannelRunner[" + channel + ", " + lanes.queued() + " queued, " + busy + " busy]";
    } finally {
      lock.unlock();
    }
  }
}
