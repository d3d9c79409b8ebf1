package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Program;
import dev.notify.benchmarks.Report;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * {@code benchmarks/run soak}: a steady load for a long time. It ends with 1 if a message was lost
 * or repeated; whether anything grew, the figures say.
 */
public final class Soak {

  private static final Path TARGET = Path.of("benchmarks/target");

  private Soak() {}

  /** Runs it. */
  public static void main(String... args) {
    Program.run(Options.USAGE, Options::parse, Soak::run, args);
  }

  private static boolean run(Options options) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
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
    return verdict.balance().isClean();
  }
}
