package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** L4: how late scheduled messages are handed to the provider, a thousand of them in one second. */
final class Punctuality {

  private static final int MESSAGES = 1_000;
  private static final Duration AHEAD = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long STEP_MICROS = 1_000_000 / MESSAGES;

  private final Bench bench;
  private final Series medians = new Series("p50");
  private final Series tails = new Series("p99");

  Punctuality(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    for (int round = 0; round < bench.options().fewRounds(); round++) {
      bench.progress("scheduled messages", round);
      AtomicLongArray handledAt = new AtomicLongArray(MESSAGES);
      double[] late =
          bench.fresh(
              Kind.OURS,
              new Tally(number -> handledAt.set(number, micros(Instant.now()))),
              source -> source,
              (contestant, site) -> lateness((Ours) contestant, site, handledAt));
      medians.add(Latencies.percentile(late, 0.5));
      tails.add(Latencies.percentile(late, 0.99));
      bench.report().note("L4, lateness: " + Latencies.summary(late));
    }
    bench.report().add(Figure.lower("L4", tails, "ms", 500, 150));
  }

  private static double[] lateness(Ours ours, Bench.Site site, AtomicLongArray handledAt) {
    ours.start(true);
    Instant first = Instant.now().plus(AHEAD);
    for (int number = 0; number < MESSAGES; number++) {
      ours.dispatcher().send(Ours.notification(number).at(due(first, number)).build());
    }
    long deadline = System.nanoTime() + AHEAD.plus(LONGEST).toNanos();
    while (site.tally().handled() < MESSAGES && System.nanoTime() < deadline) {
      Threads.sleep(Duration.ofMillis(20));
    }
    if (site.tally().handled() < MESSAGES || site.tally().repeated() > 0) {
      throw new IllegalStateException("handled " + site.tally().handled() + " of " + MESSAGES);
    }
    double[] late = new double[MESSAGES];
    for (int number = 0; number < MESSAGES; number++) {
      late[number] = (handledAt.get(number) - micros(due(first, number))) / 1e3;
    }
    Arrays.sort(late);
    // The database's clock and this machine's are one here, but for how exactly they are read.
    if (late[0] < -50) {
      throw new IllegalStateException("handled " + -late[0] + " ms before it was due");
    }
    return late;
  }

  private static Instant due(Instant first, int number) {
    return first.plusNanos(number * STEP_MICROS * 1_000);
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }
}
