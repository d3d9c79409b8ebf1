package dev.notify.benchmarks.durable;

import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import java.time.Duration;

/** T1 to T5: how fast messages are accepted. They are due in an hour, so nobody handles any. */
final class Sending {

  private static final int SENDERS = 16;
  private static final int MANY_SENDERS = 128;
  private static final int BULK = 1_000;

  private final Bench bench;
  private final Options options;
  private final Series ours = new Series("notify");
  private final Series theirs = new Series("db-scheduler");
  private final Series jobs = new Series("JobRunr");
  private final Series batches = new Series("rows a commit");
  private final Series raw = new Series("raw UNNEST");
  private final Series oursOfMany = new Series("notify");
  private final Series theirsOfMany = new Series("db-scheduler");
  private final Series oursAlone = new Series("notify");
  private final Series rawAlone = new Series("raw insert");
  private final Series oursInBulk = new Series("notify sendAll");
  private final Series theirsInBulk = new Series("db-scheduler scheduleBatch");
  private final Series rawInBulk = new Series("raw UNNEST");
  private final Series cpu = new Series("notify");
  private final Series cpuOfTheirs = new Series("db-scheduler");

  Sending(Bench bench) {
    this.bench = bench;
    options = bench.options();
  }

  void measure() throws Exception {
    for (int round = 0; round < options.rounds(); round++) {
      bench.progress("sending", round);
      round(round);
    }
    figures();
  }

  private void round(int round) throws Exception {
    if (options.wants("T1", "T2", "T3")) {
      Load.Result sent = one(Kind.OURS, SENDERS, round);
      ours.add(sent.rate());
      batches.add((double) sent.operations() / sent.probed()[0]);
      cpu.add(millisPerThousand(sent));
    }
    if (options.wants("T1")) {
      Load.Result sent = one(Kind.DB_SCHEDULER, SENDERS, round);
      theirs.add(sent.rate());
      cpuOfTheirs.add(millisPerThousand(sent));
    }
    if (options.wants("T2")) {
      jobs.add(enqueue(round).rate());
    }
    if (options.wants("T3")) {
      raw.add(inBulk(Kind.RAW, (int) Math.max(1, Math.round(batches.last())), round));
    }
    if (options.wants("T1.128")) {
      oursOfMany.add(one(Kind.OURS, MANY_SENDERS, round).rate());
      theirsOfMany.add(one(Kind.DB_SCHEDULER, MANY_SENDERS, round).rate());
    }
    if (options.wants("T4")) {
      oursAlone.add(one(Kind.OURS, 1, round).rate());
      rawAlone.add(one(Kind.RAW, 1, round).rate());
    }
    if (options.wants("T5", "T5.raw")) {
      oursInBulk.add(inBulk(Kind.OURS, BULK, round));
    }
    if (options.wants("T5")) {
      theirsInBulk.add(inBulk(Kind.DB_SCHEDULER, BULK, round));
    }
    if (options.wants("T5.raw")) {
      rawInBulk.add(inBulk(Kind.RAW, BULK, round));
    }
  }

  private static double millisPerThousand(Load.Result sent) {
    return sent.cpuSeconds() * 1e6 / sent.operations();
  }

  private Load load(int threads, int round) {
    return new Load(threads, options.warmup(round), options.window());
  }

  private Load.Result one(Kind kind, int threads, int round) throws Exception {
    return bench.fresh(
        kind,
        (contestant, site) -> {
          contestant.start(false);
          Load.Result sent =
              load(threads, round).run(contestant::sendLater, bench.server()::writingTransactions);
          verify(kind, contestant.open(), sent.last());
          return sent;
        });
  }

  /** JobRunr's own way of sending; nobody works, so it is as if it were due later. */
  private Load.Result enqueue(int round) throws Exception {
    return bench.fresh(
        Kind.JOBRUNR,
        (contestant, site) -> {
          contestant.start(false);
          Load.Result sent = load(SENDERS, round).run(contestant::send);
          verify(Kind.JOBRUNR, contestant.open(), sent.last());
          return sent;
        });
  }

  /** One thread, since a list comes from one; answers messages a second. */
  private double inBulk(Kind kind, int size, int round) throws Exception {
    return bench.fresh(
        kind,
        (contestant, site) -> {
          contestant.start(false);
          Load load = load(1, round);
          // Cut by whole lists, a short window would be cut by too much.
          Duration window = load.window().multipliedBy(size >= BULK ? 2 : 1);
          Load.Result sent =
              new Load(1, load.warmup(), window)
                  .run(number -> contestant.sendLater(number * size, size));
          verify(kind, contestant.open(), (long) sent.last() * size);
          return sent.rate() * size;
        });
  }

  private static void verify(Kind kind, long open, long sent) {
    if (open != sent) {
      throw new IllegalStateException(kind.name() + ": sent " + sent + ", in the tables " + open);
    }
  }

  private void figures() {
    if (!theirs.isEmpty()) {
      bench.ratio("T1", ours, theirs, 2, 3);
      bench
          .report()
          .note(
              "CPU of the JVM, ms for 1,000 sends (16 threads): %s; %s"
                  .formatted(cpu, cpuOfTheirs));
    }
    if (!oursOfMany.isEmpty()) {
      bench.ratio("T1.128", oursOfMany, theirsOfMany, 3, 5);
    }
    if (!jobs.isEmpty()) {
      bench.ratio("T2", ours, jobs, 3, 5);
    }
    if (!raw.isEmpty()) {
      bench.ratio("T3", ours, raw, 0.6, 0.8);
      bench.report().note("T3, batches of our sends: " + batches);
    }
    if (!oursAlone.isEmpty()) {
      bench.ratio("T4", oursAlone, rawAlone, 0.85, 0.95);
    }
    if (!theirsInBulk.isEmpty()) {
      bench.ratio("T5", oursInBulk, theirsInBulk, 0.8, 1.2);
    }
    if (!rawInBulk.isEmpty()) {
      bench.ratio("T5.raw", oursInBulk, rawInBulk, 0.5, 0.8);
    }
  }
}
