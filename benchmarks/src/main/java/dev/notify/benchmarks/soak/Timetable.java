package dev.notify.benchmarks.soak;

import java.util.concurrent.locks.LockSupport;

/**
 * When each message is due to be sent, whatever became of the ones before it.
 *
 * @param begin of the first, by {@code System.nanoTime}
 * @param rate messages a second
 */
record Timetable(long begin, int rate) {

  long due(int number) {
    return begin + number * 1_000_000_000L / rate;
  }

  /** Microseconds that have passed since a message was due; 0 if it is due only now. */
  long microsSince(int number) {
    return Math.max(0, (System.nanoTime() - due(number)) / 1_000);
  }

  void await(int number) {
    for (long left = due(number) - System.nanoTime();
        left > 0;
        left = due(number) - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
