package dev.notify.spi;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Time as the engine sees it: what it is now, and a call later. Tests put a clock here that moves
 * only when told.
 *
 * @since 0.1
 */
public interface EngineClock extends InstantSource {

  /** Calls {@code task} once after {@code delay}; the task is short and never throws. */
  Wakeup wakeUp(Duration delay, Runnable task);

  /** A call that has not come yet. */
  @FunctionalInterface
  interface Wakeup {
    /** Calls it off; nothing happens if it came already. */
    void cancel();
  }
}
