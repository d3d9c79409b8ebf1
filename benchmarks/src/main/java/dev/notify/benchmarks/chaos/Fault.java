package dev.notify.benchmarks.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * One entry of the schedule.
 *
 * @param at from the start of the run; later if what was done to the same target before took longer
 * @param kind what is done
 * @param worker to which worker; without meaning for faults of the server
 * @param length how long it lasts
 * @param chance from 0 to 1, for what the kind leaves to chance
 */
record Fault(Duration at, Kind kind, int worker, Duration length, double chance) {

  /** Faults of one lane happen one after the other, those of several lanes at once. */
  int lane() {
    return kind.isOfServer() ? Schedule.WORKERS : worker;
  }

  String target() {
    return kind.isOfServer() ? "server" : WorkerProcess.name(worker);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%8.3f s  %-17s %-6s for %.3f s",
        at.toMillis() / 1e3,
        kind.word(),
        target(),
        length.toMillis() / 1e3);
  }
}
