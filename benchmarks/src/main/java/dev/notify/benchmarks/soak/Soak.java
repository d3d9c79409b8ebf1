package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Report;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * {@code benchmarks/run soak}: a steady load for a long time. It ends with 1 if a message was lost
 * or repeated; whether anything grew, the figures say.
 */
public final class Soak {

  private static final Path TARGET = Path.of("benchmarks/target");

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger EVERYONE = Logger.getLogger("");

  private Soak() {}

  /** Runs it. */
  public static void main(String... args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    EVERYONE.setLevel(Level.WARNING);
    int status = 1;
    try {
      Verdict verdict = new SoakRun(options, TARGET.resolve("soak-postgresql"), out).run();
      Report report = verdict.report();
      report.print(out);
      report.write(TARGET.resolve("soak.jsonl"));
      report.writeMarkdown(TARGET.resolve("soak.md"), Verdict::meaning);
      Files.writeString(TARGET.resolve("soak.svg"), Lines.of(verdict.samples()));
      Files.write(
          TARGET.resolve("soak.csv"),
          Stream.concat(Stream.of(Sample.HEADER), verdict.samples().stream().map(Sample::csv))
              .toList());
      status = verdict.balance().isClean() ? 0 : 1;
    } catch (Exception e) {
      e.printStackTrace();
    }
    System.exit(status);
  }
}
