package dev.notify.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The database's time, without asking it each time: what it said last, and how long that is ago by
 * this machine's stopwatch. A wrong clock here, or one that is set, changes nothing. Thread-safe.
 */
final class DatabaseClock implements InstantSource {

  private volatile Reading last;

  private record Reading(Instant time, long stopwatch) {}

  DatabaseClock(Instant time, long stopwatch) {
    last = new Reading(time, stopwatch);
  }

  /**
   * Takes in what the database said.
   *
   * @param asked this machine's stopwatch when it was asked
   * @param answered and when the answer came; it was said about half-way
   */
  void set(Instant time, long asked, long answered) {
    last = new Reading(time, asked + (answered - asked) / 2);
  }

  @Override
  public Instant instant() {
    Reading reading = last;
    return reading
        .time()
        .plus(Duration.ofNanos(System.nanoTime() - reading.stopwatch()))
        .truncatedTo(ChronoUnit.MICROS);
  }
}
