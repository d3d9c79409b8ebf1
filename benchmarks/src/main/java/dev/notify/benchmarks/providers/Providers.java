package dev.notify.benchmarks.providers;

import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Report;
import java.nio.file.Path;

/** {@code benchmarks/run providers}: each provider beside the bare client of its protocol. */
public final class Providers {

  private static final Path FIGURES = Path.of("benchmarks/target/providers.jsonl");

  private Providers() {}

  /** Measures; {@code --quick} only shows that everything runs. */
  public static void main(String... args) {
    Program.run(Options.USAGE, Options::parse, Providers::run, args);
  }

  private static boolean run(Options options) throws Exception {
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
    return true;
  }
}
