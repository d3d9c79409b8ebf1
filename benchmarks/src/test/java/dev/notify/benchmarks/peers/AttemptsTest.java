package dev.notify.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AttemptsTest {

  private final Report report = new Report();
  private final Attempts attempts =
      new Attempts(
          report, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));

  private String printed() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whoFailsInOneRoundKeepsTheOthers() throws Exception {
    Series peer = new Series("peer");

    attempts.take(peer, "draining", () -> 100);
    attempts.take(
        peer,
        "draining",
        () -> {
          throw new IllegalStateException("its table is gone");
        });
    attempts.take(peer, "draining", () -> 300);

    assertThat(peer.median()).isEqualTo(200);
    assertThat(attempts.allSucceeded()).isFalse();
    assertThat(printed()).contains("FAILED: peer, draining", "its table is gone");
  }

  @Test
  void figuresThatCannotBeTakenAreNoted() throws Exception {
    attempts.run(
        () -> {
          throw new IllegalStateException("no memory");
        },
        "M3");

    assertThat(attempts.allSucceeded()).isFalse();
    assertThat(printed()).contains("FAILED: M3");
  }

  @Test
  void whoIsAskedToStopStops() {
    assertThatThrownBy(
            () ->
                attempts.run(
                    () -> {
                      throw new InterruptedException();
                    },
                    "T8"))
        .isInstanceOf(InterruptedException.class);
    assertThat(attempts.allSucceeded()).isTrue();
  }
}
