package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The database's time, without asking it each time: what it said last, and how long that is ago by
 * this machine's stopwatch. A wrong clock here, or one that is set, changes nothing. Thread-safe.
 */
final class DatabaseClock implements InstantSource {

  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private volatile Reading last;

  /**
   * What the database said.
   *
   * @param stopwatch what this machine's stopwatch showed then
   */
  record Reading(Instant time, long stopwatch) {

    /** Counted from the beginning of the second that was said. */
    private long nanosNow() {
      return time.getNano() + System.nanoTime() - stopwatch;
    }
  }

  DatabaseClock(Reading first) {
    last = first;
  }

  /**
   * Asks the database. Nothing but the question may lie between the two looks at the stopwatch: a
   * pool that is slow to give a connection would put the clock forward.
   */
  static Reading ask(Connection connection, Database database) throws SQLException {
    long asked = System.nanoTime();
    Instant time = Node.now(connection, database);
    long answered = System.nanoTime();
    return new Reading(time, asked + (answered - asked) / 2);
  }

  /** Takes in what the database said. */
  void set(Reading reading) {
    last = reading;
  }

  @Override
  public Instant instant() {
    Reading reading = last;
    long micros = Math.floorDiv(reading.nanosNow(), NANOS_PER_MICRO);
    return Instant.ofEpochSecond(reading.time().getEpochSecond(), micros * NANOS_PER_MICRO);
  }

  /** Asked for each id, so it makes no object. */
  @Override
  public long millis() {
    Reading reading = last;
    long millis = Math.floorDiv(reading.nanosNow(), NANOS_PER_MILLI);
    return reading.time().getEpochSecond() * 1_000 + millis;
  }
}
