package dev.notify.benchmarks.durable;

import dev.notify.benchmarks.Report;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code benchmarks/run durable}: the durable store beside its peers, figure by figure. */
public final class Durable {

  private static final Path FIGURES = Path.of("benchmarks/target/durable.jsonl");

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger EVERYONE = Logger.getLogger("");

  private static final Logger OURS = Logger.getLogger("dev.notify");

  private Durable() {}

  /** Measures; {@code --quick} only shows that everything runs. */
  public static void main(String[] args) {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(Options.USAGE);
      System.exit(2);
      return;
    }
    int status = 0;
    try {
      run(options);
    } catch (Exception e) {
      e.printStackTrace();
      status = 1;
    }
    // Peers leave threads behind that are no daemons.
    System.exit(status);
  }

  private static void run(Options options) throws Exception {
    EVERYONE.setLevel(Level.OFF);
    OURS.setLevel(Level.WARNING);
    try (Server server = Server.start(options.statements())) {
      Report report = new Report();
      Bench bench = new Bench(server, options, report);
      if (options.sweep()) {
        new Sweep(bench).run();
        return;
      }
      try {
        measure(bench);
      } finally {
        // A run that fails in the middle has still measured what came before.
        settings(bench);
        report.print(System.out);
        report.write(FIGURES);
      }
    }
  }

  private static void settings(Bench bench) throws SQLException {
    Report report = bench.report();
    report.note(
        "PostgreSQL %s, %d connections in each pool, %s; JDK %s, %d processors"
            .formatted(
                bench.server().version(),
                Server.POOL,
                Server.settings(),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors()));
    report.note(
        "notify: %d in flight; db-scheduler: %s; JobRunr: %d workers; transaction-outbox: %d threads"
            .formatted(
                Ours.IN_FLIGHT, DbScheduler.BEST, JobRunr.BEST_WORKERS, Gruelbox.BEST_THREADS));
    if (bench.options().quick()) {
      report.note("--quick: too short to mean anything");
    }
  }

  private static void measure(Bench bench) throws Exception {
    Options options = bench.options();
    if (options.wants("T1", "T1.128", "T2", "T3", "T4", "T5", "T5.raw")) {
      new Sending(bench).measure();
    }
    if (options.wants("T6", "T6.jobrunr", "T6.raw")) {
      new Draining(bench).measure();
    }
    Sustaining sustaining = new Sustaining(bench);
    if (options.wants("T7", "T7.jobrunr", "T7.gruelbox")) {
      sustaining.measure();
    }
    if (options.wants("T8")) {
      new Waiting(bench).measure();
    }
    if (options.wants("T9", "T9.commits", "T9.roundtrips")) {
      new Counting(bench).measure();
    }
    if (options.wants("L1", "L1.p99")) {
      new Handing(bench).withinNode(sustaining.sustained());
    }
    if (options.wants("L2", "L2.p99")) {
      new Handing(bench).betweenNodes();
    }
    if (options.wants("L3", "L3.share")) {
      new Crowding(bench).measure();
    }
    if (options.wants("L4")) {
      new Punctuality(bench).measure();
    }
    if (options.wants("M2")) {
      new Allocating(bench).measure();
    }
    if (options.wants("M3")) {
      new FanOut(bench).measure();
    }
    new Analysing(bench).measure();
    if (options.wants("M4", "M4.idle")) {
      new Connections(bench).measure();
    }
  }
}
