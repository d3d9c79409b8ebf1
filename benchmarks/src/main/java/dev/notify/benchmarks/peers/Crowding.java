package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import dev.notify.model.Priority;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * L3: how long a CRITICAL message takes to its provider's call, from {@code send()} on, while a
 * million LOW ones are open and workers are at them all the time; beside an engine that has nothing
 * else to do. The provider takes some milliseconds for a LOW one.
 */
final class Crowding {

  private static final int IN_FLIGHT = 16;
  private static final Duration LOW_CALL = Duration.ofMillis(5);

  /** Numbers of LOW messages begin here. */
  private static final int LOW = 1_000_000;

  private static final int A_SECOND = 100;

  private final Bench bench;
  private final Series alone = new Series("p99 alone");
  private final Series crowded = new Series("p99 in the crowd");
  private final Series ratios = new Series("ratio");
  private final Series shares = new Series("LOW's share of the calls' time");

  Crowding(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    for (int round = 0; round < bench.options().fewRounds(); round++) {
      bench.progress("critical messages, alone and in a crowd", round);
      alone.add(p99(0));
      crowded.add(p99(bench.options().crowd()));
      ratios.add(crowded.last() / alone.last());
    }
    bench.report().add(Figure.lower("L3", ratios, "x", 4, 2));
    bench.report().add(Figure.higher("L3.share", shares.lowest(), "", 0.05, 0.1).over(shares));
    bench
        .report()
        .note(
            "L3, %d LOW ones open, ms: %s; %s; %s; %s"
                .formatted(bench.options().crowd(), alone, crowded, ratios, shares));
  }

  private double p99(int low) throws Exception {
    int seconds = (int) bench.options().longWindow().toSeconds() + 1;
    Latencies latencies = new Latencies(A_SECOND * seconds);
    Tally tally =
        new Tally(
            number -> {
              if (number >= LOW) {
                Threads.sleep(LOW_CALL);
              } else {
                latencies.handled(number);
              }
            });
    Kind kind = new Kind("notify", false, 900, (source, own) -> new Ours(source, own, IN_FLIGHT));
    return bench.fresh(
        kind,
        tally,
        source -> source,
        (contestant, site) -> p99((Ours) contestant, tally, latencies, low));
  }

  private double p99(Ours ours, Tally tally, Latencies latencies, int low) {
    if (low > 0) {
      ours.fillLow(LOW, low);
    }
    ours.start(true);
    long begin = System.nanoTime();
    for (int number = 0; number < latencies.most(); number++) {
      long at = begin + number * (1_000_000_000L / A_SECOND);
      for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      latencies.sent(number);
      ours.dispatcher().send(Ours.notification(number).priority(Priority.CRITICAL).build());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    long lowCalls = tally.handled() - latencies.millis(0).length;
    if (low > 0) {
      if (lowCalls >= low) {
        throw new IllegalStateException("no LOW message is left: it was no crowd");
      }
      shares.add(lowCalls * LOW_CALL.toMillis() / 1e3 / (seconds * IN_FLIGHT));
    }
    Threads.sleep(Duration.ofSeconds(1));
    double[] millis = latencies.millis(latencies.most() / 5);
    if (millis.length < latencies.most() / 2) {
      throw new IllegalStateException("only " + millis.length + " CRITICAL ones came");
    }
    return Latencies.percentile(millis, 0.99);
  }
}
