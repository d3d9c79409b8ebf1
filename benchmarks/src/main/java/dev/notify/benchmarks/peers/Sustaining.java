package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** T7: how many messages a second are sent and handled while no backlog grows. */
final class Sustaining implements Part {

  static final String[] FIGURES = {"T7", "T7.jobrunr", "T7.gruelbox"};

  private static final int SENDERS = 16;
  private static final long MOMENT = 200_000;
  private static final Duration LONGEST_REST = Duration.ofSeconds(15);

  private final Bench bench;
  private final Options options;
  private final Series ours = new Series("notify");
  private final Series theirs = new Series("db-scheduler");
  private final Series jobs = new Series("JobRunr");
  private final Series outbox = new Series("transaction-outbox");
  private final Series cpu = new Series("notify");

  Sustaining(Bench bench) {
    this.bench = bench;
    options = bench.options();
  }

  /** What we sustained, a second; not a number where it was not measured. */
  double sustained() {
    return ours.median();
  }

  @Override
  public String[] figures() {
    return FIGURES.clone();
  }

  @Override
  public void round(int round) throws InterruptedException {
    bench.progress("sending and handling", round);
    bench.take(ours, "sustaining", () -> ours(round));
    if (bench.wants("T7")) {
      bench.take(theirs, "sustaining", () -> rate(Kind.DB_SCHEDULER_STEADY, round));
    }
    if (bench.wants("T7.jobrunr")) {
      bench.take(jobs, "sustaining", () -> rate(Kind.JOBRUNR, round));
    }
    if (bench.wants("T7.gruelbox")) {
      bench.take(outbox, "sustaining", () -> rate(Kind.GRUELBOX, round));
    }
  }

  private double ours(int round) throws Exception {
    Load.Result result = bench.fresh(Kind.OURS, measurement(Kind.OURS, round));
    cpu.add(result.cpuSeconds() * 1e6 / result.probed()[0]);
    return rate(result);
  }

  private double rate(Kind kind, int round) throws Exception {
    return rate(bench.fresh(kind, measurement(kind, round)));
  }

  @Override
  public void report() {
    bench.ratio("T7", ours, theirs, 3, 6);
    bench.ratio("T7.jobrunr", ours, jobs, 6, 12);
    bench.ratio("T7.gruelbox", ours, outbox, 3, 6);
    bench.report().note("CPU of the JVM, ms for 1,000 sent and handled: " + cpu);
    bench.rates("send and deliver", ours, theirs, jobs, outbox);
  }

  static double rate(Load.Result result) {
    return result.probed()[0] / result.seconds();
  }

  private Bench.Measurement<Load.Result> measurement(Kind kind, int round) {
    // Looks of JobRunr have to fall into its window, and one before it.
    boolean slow = kind == Kind.JOBRUNR;
    Duration warmup = slow ? Duration.ofSeconds(5) : options.warmup(round);
    Duration window = slow ? Duration.ofSeconds(options.quick() ? 5 : 10) : options.longWindow();
    return (contestant, site) ->
        saturate(kind, contestant, site, new Load(SENDERS, warmup, window));
  }

  /**
   * Sends as fast as it is handled; the result's first probe is what was handled.
   *
   * @param more further probes
   */
  static Load.Result saturate(
      Kind kind, Contestant contestant, Bench.Site site, Load load, LongSupplier... more)
      throws Exception {
    Tally tally = site.tally();
    AtomicInteger sent = new AtomicInteger();
    LongSupplier[] probes = new LongSupplier[more.length + 1];
    probes[0] = tally::handled;
    System.arraycopy(more, 0, probes, 1, more.length);
    contestant.start(true);
    Load.Result result =
        load.run(
            turn -> {
              if (sent.get() - tally.handled() >= kind.backlog()) {
                LockSupport.parkNanos(MOMENT);
              } else {
                contestant.send(sent.getAndIncrement());
              }
            },
            probes);
    verify(kind, contestant, tally, sent.get());
    return result;
  }

  /** Sent, handled and finished must be one number; a slow peer gets time, but not for ever. */
  private static void verify(Kind kind, Contestant contestant, Tally tally, int sent) {
    long deadline = System.nanoTime() + LONGEST_REST.toNanos();
    while ((tally.handled() < sent || contestant.open() > 0) && System.nanoTime() < deadline) {
      Threads.sleep(Duration.ofMillis(20));
    }
    if (tally.repeated() > 0 || tally.handled() != sent || contestant.open() > 0) {
      String found =
          "%s: sent %d, handled %d, twice %d, open %d"
              .formatted(kind.name(), sent, tally.handled(), tally.repeated(), contestant.open());
      if (kind == Kind.OURS) {
        throw new IllegalStateException(found);
      }
      System.err.println(found);
    }
  }
}
