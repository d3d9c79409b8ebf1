package dev.notify;

import dev.notify.model.RefusedException;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where senders come in. They hold the read side, so that closing waits for those who are in and
 * refuses the rest.
 */
final class Gate {

  private static final Logger log = LoggerFactory.getLogger(NotificationDispatcher.class);

  private final StampedLock lock = new StampedLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** How deep a thread is in; kept, for to set it anew at each send costs more than to count. */
  private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);

  /**
   * Sends something.
   *
   * @throws RefusedException if it is closed
   */
  <R> R whileOpen(Supplier<R> sending) {
    // Or those who come too late would keep the closer waiting for them.
    if (closed.get()) {
      throw refused();
    }
    // Only a close that has shut the door holds the other side; whoever waits to, is passed by.
    long stamp = lock.tryReadLock();
    if (stamp == 0) {
      throw refused();
    }
    int[] mine = depth.get();
    mine[0]++;
    try {
      if (closed.get()) {
        throw refused();
      }
      return sending.get();
    } finally {
      mine[0]--;
      lock.unlockRead(stamp);
    }
  }

  private static RefusedException refused() {
    return new RefusedException(RefusedException.Why.CLOSED, "the dispatcher is closed");
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Whether this thread is in. */
  boolean isIn() {
    return depth.get()[0] > 0;
  }

  /** Lets nobody in any more; answers whether it was open. */
  boolean close() {
    return closed.compareAndSet(false, true);
  }

  /** Waits for those who are in; answers whether all are out. */
  boolean awaitSenders(EngineClock clock, Duration limit) {
    try {
      boolean everyoneOut = clock.tryLock(lock.asWriteLock(), limit);
      if (everyoneOut) {
        lock.asWriteLock().unlock();
      } else {
        log.warn("closing with senders still in after {}", limit);
      }
      return everyoneOut;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
