package dev.notify.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run, so that the program stays alive. */
class ChaosRunTest {

  @TempDir Path directory;

  @Test
  void aFewFaultsLoseNothingAndRepeatNothingThatTheyDoNotExcuse() throws Exception {
    Options options =
        Options.parse("--fast", "--seed", "5", "--kills", "2", "--faults", "8", "--rate", "10");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    Verdict verdict = new Run(options, directory, nowhere).run();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.history().harms()).hasSize(8);
    assertThat(verdict.history().lives()).hasSize(Schedule.WORKERS + 2);
    assertThat(verdict.counts().accepted()).isGreaterThan(50);
    assertThat(verdict.counts().calls()).isGreaterThan(50);
  }
}
