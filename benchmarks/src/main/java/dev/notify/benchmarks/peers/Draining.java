package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.time.Duration;

/** T6: how fast rows that are due are worked off, by a handler that does nothing. */
final class Draining implements Part {

  static final String[] FIGURES = {"T6", "T6.jobrunr", "T6.raw"};

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private final Bench bench;
  private final Series ours = new Series("notify");
  private final Series theirs = new Series("db-scheduler");
  private final Series jobs = new Series("JobRunr");
  private final Series raw = new Series("raw claim and delete");

  Draining(Bench bench) {
    this.bench = bench;
  }

  @Override
  public String[] figures() {
    return FIGURES.clone();
  }

  @Override
  public void round(int round) throws InterruptedException {
    bench.progress("draining", round);
    bench.take(ours, "draining", () -> drain(Kind.OURS));
    if (bench.wants("T6")) {
      bench.take(theirs, "draining", () -> drain(Kind.DB_SCHEDULER));
    }
    if (bench.wants("T6.jobrunr")) {
      bench.take(jobs, "draining", () -> drain(Kind.JOBRUNR));
    }
    if (bench.wants("T6.raw")) {
      bench.take(raw, "draining", () -> drain(Kind.RAW));
    }
  }

  @Override
  public void report() {
    bench.ratio("T6", ours, theirs, 2.5, 4);
    bench.ratio("T6.jobrunr", ours, jobs, 8, 15);
    bench.ratio("T6.raw", ours, raw, 0.5, 0.75);
    bench.rates("drain", ours, theirs, jobs, raw);
  }

  private double drain(Kind kind) throws Exception {
    int rows = bench.options().rowsToDrain();
    return bench.ready(kind, rows, (contestant, site) -> rate(bench, contestant, site, rows));
  }

  /** Rows a second, from the first that was handled until none is left or time is up. */
  static double rate(Bench bench, Contestant contestant, Bench.Site site, int rows)
      throws Exception {
    if (contestant.open() != rows) {
      throw new IllegalStateException("rows at the start: " + contestant.open());
    }
    Tally tally = site.tally();
    contestant.start(true);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (tally.firstAt() == 0 && System.nanoTime() < deadline) {
      Threads.sleep(BETWEEN_LOOKS);
    }
    if (tally.firstAt() == 0) {
      throw new IllegalStateException("nothing is handled");
    }
    long limit = tally.firstAt() + bench.options().longestDrain().toNanos();
    while (System.nanoTime() < limit && !(tally.handled() == rows && contestant.open() == 0)) {
      Threads.sleep(BETWEEN_LOOKS);
    }
    double seconds = (System.nanoTime() - tally.firstAt()) / 1e9;
    double handled = tally.handled();
    if (tally.repeated() > 0) {
      throw new IllegalStateException("handled twice: " + tally.repeated());
    }
    return handled / seconds;
  }
}
