package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;

/** T1 to T5: how fast messages are accepted. They are due in an hour, so nobody handles any. */
final class Sending implements Part {

  static final String[] FIGURES = {"T1", "T1.128", "T2", "T3", "T4", "T5", "T5.raw"};

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
  private final Series oursInBulk = new Series("notify");
  private final Series theirsInBulk = new Series("db-scheduler");
  private final Series jobsInBulk = new Series("JobRunr");
  private final Series rawInBulk = new Series("raw UNNEST");
  private final Series cpu = new Series("notify");
  private final Series cpuOfTheirs = new Series("db-scheduler");

  Sending(Bench bench) {
    this.bench = bench;
    options = bench.options();
  }

  @Override
  public String[] figures() {
    return FIGURES.clone();
  }

  @Override
  public void round(int round) throws InterruptedException {
    bench.progress("sending", round);
    if (bench.wants("T1", "T2", "T3")) {
      bench.take(ours, "sending", () -> ours(round));
    }
    if (bench.wants("T1")) {
      bench.take(theirs, "sending", () -> theirs(round));
    }
    if (bench.wants("T2")) {
      bench.take(jobs, "sending", () -> enqueue(round).rate());
    }
    if (bench.wants("T3")) {
      bench.take(
          raw,
          "sending",
          () -> inBulk(Kind.RAW, (int) Math.max(1, Math.round(batches.median())), round));
    }
    if (round < options.fewRounds()) {
      fewer(round);
    }
    lists(round);
  }

  private void fewer(int round) throws InterruptedException {
    if (bench.wants("T1.128")) {
      bench.take(oursOfMany, "many", () -> one(Kind.OURS, MANY_SENDERS, round).rate());
      bench.take(theirsOfMany, "many", () -> one(Kind.DB_SCHEDULER, MANY_SENDERS, round).rate());
    }
    if (bench.wants("T4")) {
      bench.take(oursAlone, "alone", () -> one(Kind.OURS, 1, round).rate());
      bench.take(rawAlone, "alone", () -> one(Kind.RAW, 1, round).rate());
    }
  }

  private void lists(int round) throws InterruptedException {
    if (bench.wants("T5", "T5.raw")) {
      bench.take(oursInBulk, "lists", () -> inBulk(Kind.OURS, BULK, round));
    }
    if (bench.wants("T5")) {
      bench.take(theirsInBulk, "lists", () -> inBulk(Kind.DB_SCHEDULER, BULK, round));
    }
    if (bench.wants("T2")) {
      bench.take(jobsInBulk, "lists", () -> enqueueInBulk(round));
    }
    if (bench.wants("T5.raw")) {
      bench.take(rawInBulk, "lists", () -> inBulk(Kind.RAW, BULK, round));
    }
  }

  private double ours(int round) throws Exception {
    Load.Result sent = one(Kind.OURS, SENDERS, round);
    batches.add((double) sent.operations() / sent.probed()[0]);
    cpu.add(millisPerThousand(sent));
    return sent.rate();
  }

  private double theirs(int round) throws Exception {
    Load.Result sent = one(Kind.DB_SCHEDULER, SENDERS, round);
    cpuOfTheirs.add(millisPerThousand(sent));
    return sent.rate();
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

  /** Its stream of jobs; nobody works, as above. */
  private double enqueueInBulk(int round) throws Exception {
    return bench.fresh(
        Kind.JOBRUNR,
        (contestant, site) -> {
          contestant.start(false);
          int portion = JobRunr.PORTION;
          Load.Result sent =
              load(1, round)
                  .run(number -> ((JobRunr) contestant).enqueue(number * portion, portion));
          verify(Kind.JOBRUNR, contestant.open(), (long) sent.last() * portion);
          return sent.rate() * portion;
        });
  }

  /** One thread, since a list comes from one; answers messages a second. */
  private double inBulk(Kind kind, int size, int round) throws Exception {
    return bench.fresh(
        kind,
        (contestant, site) -> {
          contestant.start(false);
          Load load = load(1, round);
          Load.Result sent = load.run(number -> contestant.sendLater(number * size, size));
          verify(kind, contestant.open(), (long) sent.last() * size);
          return sent.rate() * size;
        });
  }

  private static void verify(Kind kind, long open, long sent) {
    if (open != sent) {
      throw new IllegalStateException(kind.name() + ": sent " + sent + ", in the tables " + open);
    }
  }

  @Override
  public void report() {
    bench.ratio("T1", ours, theirs, 2, 3);
    bench.ratio("T1.128", oursOfMany, theirsOfMany, 3, 5);
    bench.ratio("T2", ours, jobs, 3, 5);
    bench.ratio("T3", ours, raw, 0.6, 0.8);
    bench.ratio("T4", oursAlone, rawAlone, 0.85, 0.95);
    bench.ratio("T5", oursInBulk, theirsInBulk, 0.8, 1.2);
    bench.ratio("T5.raw", oursInBulk, rawInBulk, 0.5, 0.8);
    if (!cpuOfTheirs.isEmpty()) {
      bench
          .report()
          .note("CPU of the JVM, ms for 1,000 sends (16 threads): " + cpu + "; " + cpuOfTheirs);
    }
    if (!raw.isEmpty()) {
      bench.report().note("T3, batches of our sends: " + batches);
    }
    bench.rates("send", ours, theirs, jobs, raw);
    bench.rates("send, 128 threads", oursOfMany, theirsOfMany);
    bench.rates("send, 1 thread", oursAlone, rawAlone);
    bench.rates("list", oursInBulk, theirsInBulk, jobsInBulk, rawInBulk);
  }
}
