package dev.notify.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run, so that the program stays alive; it says nothing of growth. */
class SoakRunTest {

  private static final Options SHORT = new Options(Duration.ofSeconds(3), 400, 0.05);

  @TempDir Path directory;

  @Test
  void whatIsAcceptedEndsOnceThoughTheProviderFails() throws Exception {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    Verdict verdict = new SoakRun(SHORT, directory.resolve("postgresql"), nowhere).run();

    Ledger.Balance balance = verdict.balance();
    assertThat(balance.isClean()).as("%s", balance).isTrue();
    assertThat(balance.accepted()).isEqualTo(SHORT.messages());
    assertThat(balance.dead()).as("refused for good: one in a thousand").isEqualTo(1);
    assertThat(balance.sent()).isEqualTo(SHORT.messages() - 1);
    assertThat(balance.retried()).as("about 5 %% of 1,200").isBetween(30, 100);
    assertThat(verdict.samples()).hasSize(7);
    assertThat(verdict.samples())
        .anySatisfy(
            sample -> {
              assertThat(sample.call().p99()).isPositive();
              assertThat(sample.send().p99()).isPositive();
              assertThat(sample.tables().allMegabytes())
                  .isGreaterThan(sample.tables().hotMegabytes());
              assertThat(sample.process().connections()).isPositive();
            });
    // Retention comes by after a minute at the earliest.
    assertThat(verdict.kept().messages()).isEqualTo(SHORT.messages());
    assertThat(verdict.kept().outcomes()).isEqualTo(SHORT.messages());
    assertThat(verdict.report().figures())
        .hasSize(12)
        .allSatisfy(figure -> assertThat(Verdict.meaning(figure.measure())).isNotEmpty());
    assertThat(Lines.of(verdict.samples())).contains("<polyline");
  }
}
