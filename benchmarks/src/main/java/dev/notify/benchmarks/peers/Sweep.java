package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import java.util.Map;
import java.util.TreeMap;

/** Looks for the settings with which each does best; the best are compiled in. */
final class Sweep {

  private static final int ROWS = 50_000;
  private static final int ROWS_OF_JOBRUNR = 20_000;

  private final Bench bench;

  Sweep(Bench bench) {
    this.bench = bench;
  }

  /** Everyone, or those that {@code --only} names. */
  void run() throws Exception {
    Options options = bench.options();
    if (options.wants("db-scheduler")) {
      dbScheduler();
    }
    if (options.wants("jobrunr")) {
      jobRunr();
    }
    if (options.wants("gruelbox")) {
      gruelbox();
    }
    if (options.wants("notify")) {
      ours();
    }
    if (options.wants("memory")) {
      inMemory();
    }
  }

  private void dbScheduler() throws Exception {
    double[][] thresholds = {{1, 4}, {2, 6}, {4, 20}};
    Map<Double, String> drained = new TreeMap<>();
    Map<Double, String> sustained = new TreeMap<>();
    for (double[] threshold : thresholds) {
      for (int threads : new int[] {10, 20, 50}) {
        for (boolean other : new boolean[] {false, true}) {
          var generic = new DbScheduler.Settings(threads, threshold[0], threshold[1], other, false);
          drained.put(drain(dbScheduler(generic), ROWS), generic.toString());
          var immediate =
              new DbScheduler.Settings(threads, threshold[0], threshold[1], false, other);
          sustained.put(sustain(dbScheduler(immediate)), immediate.toString());
        }
      }
    }
    print("db-scheduler, drain", drained);
    print("db-scheduler, send and handle", sustained);
  }

  private static Kind dbScheduler(DbScheduler.Settings settings) {
    return new Kind(
        Kind.DB_SCHEDULER.name(),
        true,
        Kind.DB_SCHEDULER.backlog(),
        (source, tally) -> new DbScheduler(source, tally, settings));
  }

  private void jobRunr() throws Exception {
    Map<Double, String> rates = new TreeMap<>();
    for (int workers : new int[] {16, 32, 64, 128}) {
      Kind kind =
          new Kind(
              Kind.JOBRUNR.name(),
              true,
              Kind.JOBRUNR.backlog(),
              (source, tally) -> new JobRunr(source, tally, workers));
      rates.put(drain(kind, ROWS_OF_JOBRUNR), workers + " workers");
    }
    print("JobRunr, drain", rates);
  }

  private void gruelbox() throws Exception {
    Map<Double, String> rates = new TreeMap<>();
    for (int threads : new int[] {8, 16, 32, 48}) {
      Kind kind =
          new Kind(
              Kind.GRUELBOX.name(),
              false,
              Kind.GRUELBOX.backlog(),
              (source, tally) -> new Gruelbox(source, tally, threads));
      rates.put(sustain(kind), threads + " threads");
    }
    print("transaction-outbox, send and handle", rates);
  }

  private void ours() throws Exception {
    Map<Double, String> sustained = new TreeMap<>();
    Map<Double, String> drained = new TreeMap<>();
    for (int inFlight : new int[] {16, 64, 128, 256}) {
      Kind kind =
          new Kind(
              Kind.OURS.name(),
              false,
              Kind.OURS.backlog(),
              (source, tally) -> new Ours(source, tally, inFlight));
      sustained.put(sustain(kind), inFlight + " in flight");
      drained.put(drain(kind, ROWS), inFlight + " in flight");
    }
    print("notify, send and handle", sustained);
    print("notify, drain", drained);
  }

  private void inMemory() throws Exception {
    Options options = bench.options();
    for (InMemory.Way way : InMemory.Way.values()) {
      Map<Double, String> rates = new TreeMap<>();
      for (int senders : new int[] {1, 2, 4, 16}) {
        for (int workers : new int[] {2, 4, 16}) {
          Load load = new Load(senders, options.warmup(1), options.window());
          rates.put(
              InMemory.rate(way, workers, load), senders + " senders, " + workers + " workers");
        }
      }
      print("in memory, " + way, rates);
    }
  }

  private double drain(Kind kind, int rows) throws Exception {
    return bench.ready(
        kind, rows, (contestant, site) -> Draining.rate(bench, contestant, site, rows));
  }

  private double sustain(Kind kind) throws Exception {
    Options options = bench.options();
    Load load = new Load(16, options.warmup(0), options.longWindow());
    return Sustaining.rate(
        bench.fresh(kind, (contestant, site) -> Sustaining.saturate(kind, contestant, site, load)));
  }

  private static void print(String what, Map<Double, String> rates) {
    System.out.println(what);
    rates.forEach(
        (rate, settings) -> System.out.println("  " + Figure.number(rate) + "/s  " + settings));
  }
}
