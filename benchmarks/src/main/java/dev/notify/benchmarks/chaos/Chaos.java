package dev.notify.benchmarks.chaos;

import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Report;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code benchmarks/run chaos}: three processes on one database, faults by a seeded schedule, and a
 * checker over all that happened. Unlike other runs it judges: it ends with 1 if anything was lost,
 * or anything was done that no fault excuses.
 */
public final class Chaos {

  private static final Path RESULTS = Path.of("benchmarks/target/chaos.jsonl");
  private static final Path DIRECTORY = Path.of("benchmarks/target/chaos");

  /** It repeats what its server says, which is told to be killed. */
  private static final Logger MARIADB = Logger.getLogger("ch.vorburger");

  private Chaos() {}

  /** Runs it. */
  public static void main(String... args) {
    Program.run(Options.USAGE, Options::parse, Chaos::run, args);
  }

  private static boolean run(Options options) throws Exception {
    MARIADB.setLevel(Level.OFF);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Verdict verdict = new Run(options, DIRECTORY, out).run();
    Report report = verdict.report(options);
    report.print(out);
    report.write(RESULTS);
    return verdict.isClean();
  }
}
