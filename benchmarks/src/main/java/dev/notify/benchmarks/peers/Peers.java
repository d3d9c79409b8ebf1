package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code benchmarks/run peers}: this library beside its peers, figure by figure. */
public final class Peers {

  private static final Path TARGET = Path.of("benchmarks/target");

  private static final Logger OURS = Logger.getLogger("dev.notify");

  private Peers() {}

  /** Measures; {@code --quick} only shows that everything runs. */
  public static void main(String... args) {
    Program.run(Options.USAGE, Options::parse, Peers::run, args);
  }

  /** Answers whether everything could be measured. */
  private static boolean run(Options options) throws Exception {
    Program.quiet(Level.OFF);
    OURS.setLevel(Level.WARNING);
    try (Server server = Server.start(options.statements())) {
      Report report = new Report();
      Bench bench = new Bench(server, options, report);
      if (options.sweep()) {
        new Sweep(bench).run();
        return true;
      }
      try {
        measure(bench);
      } finally {
        // A run that is broken off in the middle has still measured what came before.
        settings(bench);
        report.print(System.out);
        write(report, options.names(Analysing.COST, Analysing.MONTH) ? "analytics" : "peers");
      }
      return bench.nothingFailed();
    }
  }

  private static void write(Report report, String name) throws IOException {
    report.write(TARGET.resolve(name + ".jsonl"));
    report.writeMarkdown(TARGET.resolve(name + ".md"), Meanings::of);
    if (!report.rates().isEmpty()) {
      Files.writeString(TARGET.resolve(name + ".svg"), Bars.of(report.rates()));
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
        "notify: %d in flight; db-scheduler: %s, under a steady load %s; JobRunr: %d workers; transaction-outbox: %d threads"
            .formatted(
                Ours.IN_FLIGHT,
                DbScheduler.BEST,
                DbScheduler.STEADY,
                JobRunr.BEST_WORKERS,
                Gruelbox.BEST_THREADS));
    if (bench.options().quick()) {
      report.note("--quick: too short to mean anything");
    }
  }

  private static void measure(Bench bench) throws Exception {
    Sustaining sustaining = new Sustaining(bench);
    warmUp(
        bench,
        List.of(
            new Sending(bench), new Draining(bench), new Sustaining(bench), new InMemory(bench)));
    inRounds(
        bench,
        bench.options().rounds(),
        List.of(new Sending(bench), new Draining(bench), sustaining, new InMemory(bench)));
    if (bench.async().wants(Sending.FIGURES, Draining.FIGURES, Sustaining.FIGURES)) {
      withoutWaitingForTheDisk(bench.async());
    }
    alone(bench, sustaining);
  }

  /**
   * A round of which no figure is kept: what it runs has not been compiled yet, everyone's code and
   * the driver's.
   */
  private static void warmUp(Bench bench, List<Part> parts) throws Exception {
    if (bench.options().quick()) {
      return;
    }
    for (Part part : wanted(bench, parts)) {
      part.round(0);
    }
  }

  private static List<Part> wanted(Bench bench, List<Part> parts) {
    return parts.stream().filter(part -> bench.wants(part.figures())).toList();
  }

  /** In each round everyone runs once, in turn, so that a slow minute of the machine hits all. */
  private static void inRounds(Bench bench, int rounds, List<Part> parts) throws Exception {
    List<Part> wanted = wanted(bench, parts);
    for (int round = 0; round < (wanted.isEmpty() ? 0 : rounds); round++) {
      Threads.sleep(bench.options().restBetweenRounds());
      for (Part part : wanted) {
        part.round(round);
      }
    }
    wanted.forEach(Part::report);
  }

  /** The second table: what a crash of the machine may forget is not waited for. */
  private static void withoutWaitingForTheDisk(Bench bench) throws Exception {
    bench.server().waitForDisk(false);
    try {
      inRounds(
          bench,
          bench.options().leastRounds(),
          List.of(new Sending(bench), new Draining(bench), new Sustaining(bench)));
    } finally {
      bench.server().waitForDisk(true);
    }
  }

  /** What nobody is compared with. */
  private static void alone(Bench bench, Sustaining sustaining) throws Exception {
    bench.section(() -> new Waiting(bench).measure(), "T8");
    bench.section(() -> new Counting(bench).measure(), "T9", "T9.commits", "T9.roundtrips");
    bench.section(() -> new Handing(bench).withinNode(sustaining.sustained()), "L1", "L1.p99");
    bench.section(() -> new Handing(bench).betweenNodes(), "L2", "L2.p99");
    bench.section(() -> new Crowding(bench).measure(), "L3", "L3.share");
    bench.section(() -> new Punctuality(bench).measure(), "L4");
    bench.section(() -> new Allocating(bench).measure(), "M2");
    bench.section(() -> new FanOut(bench).measure(), "M3");
    bench.section(() -> new Connections(bench).measure(), "M4", "M4.idle");
    if (bench.options().names(Analysing.COST, Analysing.MONTH)) {
      bench.section(() -> new Analysing(bench).measure(), Analysing.COST, Analysing.MONTH);
    }
  }
}
