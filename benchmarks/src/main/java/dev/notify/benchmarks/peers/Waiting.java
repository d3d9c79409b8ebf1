package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.time.Duration;

/** T8: calls that take a while, many of them at a time: the share of what could be done at best. */
final class Waiting {

  private static final int SENDERS = 16;
  private static final int IN_FLIGHT = 200;
  private static final Duration CALL = Duration.ofMillis(50);
  private static final double IDEAL = IN_FLIGHT * 1_000.0 / CALL.toMillis();

  private static final Kind KIND =
      new Kind("notify", false, 900, (source, tally) -> new Ours(source, tally, IN_FLIGHT));

  private final Bench bench;
  private final Series rates = new Series("messages a second");

  Waiting(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    Options options = bench.options();
    for (int round = 0; round < options.fewRounds(); round++) {
      bench.progress("calls that take " + CALL.toMillis() + " ms", round);
      Load load = new Load(SENDERS, options.warmup(round), options.longWindow());
      Load.Result result =
          bench.fresh(
              KIND,
              new Tally(number -> Threads.sleep(CALL)),
              source -> source,
              (contestant, site) -> Sustaining.saturate(Kind.OURS, contestant, site, load));
      rates.add(Sustaining.rate(result));
    }
    bench.report().add(Figure.higher("T8", rates.times(1 / IDEAL), "x", 0.85, 0.95));
    bench
        .report()
        .note("T8, %d calls of %d ms at a time, %s".formatted(IN_FLIGHT, CALL.toMillis(), rates));
  }
}
