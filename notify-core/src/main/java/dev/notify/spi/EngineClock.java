package dev.notify.spi;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Time as the engine sees it: what it is now, a call later, and how long somebody waits. Tests put
 * a clock here that moves only when told.
 *
 * @since 0.1
 */
public interface EngineClock extends InstantSource {

  /** Calls {@code task} once after {@code delay}; the task is short and never throws. */
  Wakeup wakeUp(Duration delay, Runnable task);

  /** A stopwatch in nanoseconds: only the time between two looks at it means something. */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** Waits for a lock at most so long; answers whether the caller has it now. */
  default boolean tryLock(Lock lock, Duration longest) throws InterruptedException {
    return lock.tryLock(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for a signal at most so long, or less. The caller has the lock, once, and has it again
   * afterwards.
   */
  default void await(Lock lock, Condition signal, Duration longest) throws InterruptedException {
    long ignored = signal.awaitNanos(longest.toNanos());
  }

  /** A call that has not come yet. */
  @FunctionalInterface
  interface Wakeup {
    /** Calls it off; nothing happens if it came already. */
    void cancel();
  }
}
