package dev.notify.benchmarks.chaos;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Microseconds since the run began, the same in all its processes.
 *
 * @param stopwatch the machine's stopwatch when it began, which goes on through all processes
 * @param began the machine's clock then, which is the server's too
 */
record RunClock(long stopwatch, Instant began) {

  static RunClock start() {
    return new RunClock(System.nanoTime(), Instant.now());
  }

  static RunClock parse(String text) {
    String[] parts = text.split("/", -1);
    return new RunClock(Long.parseLong(parts[0]), Instant.parse(parts[1]));
  }

  long now() {
    return (System.nanoTime() - stopwatch) / 1_000;
  }

  long of(Instant time) {
    return ChronoUnit.MICROS.between(began, time);
  }

  Instant instant(long micros) {
    return began.plus(micros, ChronoUnit.MICROS);
  }

  @Override
  public String toString() {
    return stopwatch + "/" + began;
  }
}
