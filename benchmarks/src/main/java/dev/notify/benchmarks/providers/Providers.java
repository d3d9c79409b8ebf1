package dev.notify.benchmarks.providers;

import dev.notify.benchmarks.Report;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code benchmarks/run providers}: each provider beside the bare client of its protocol. */
public final class Providers {

  private static final Path FIGURES = Path.of("benchmarks/target/providers.jsonl");

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger EVERYONE = Logger.getLogger("");

  private Providers() {}

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
    // The stand-ins' libraries leave threads behind that are no daemons.
    System.exit(status);
  }

  private static void run(Options options) throws Exception {
    EVERYONE.setLevel(Level.WARNING);
    Report report = new Report();
    try {
      if (options.wants("http")) {
        new OverHttp(options, report).measure();
      }
      if (options.wants("apns")) {
        new OverApns(options, report).measure();
      }
      if (options.wants("smtp")) {
        new OverSmtp(options, report).measure();
      }
    } finally {
      // A run that fails in the middle has still measured what came before.
      report.note(
          "JDK %s, %d processors"
              .formatted(Runtime.version(), Runtime.getRuntime().availableProcessors()));
      if (options.quick()) {
        report.note("--quick: too short to mean anything");
      }
      report.print(System.out);
      report.write(FIGURES);
    }
  }
}
