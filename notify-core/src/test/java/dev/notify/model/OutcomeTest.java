package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void nobodyIsLeftAloneForAYearOrComesBackYesterday() {
    assertThat(waits(Duration.ofDays(365))).containsOnly(Optional.of(Outcome.LONGEST_WAIT));
    assertThat(waits(Duration.ofSeconds(Long.MAX_VALUE)))
        .containsOnly(Optional.of(Outcome.LONGEST_WAIT));
    assertThat(waits(Duration.ofSeconds(-1))).containsOnly(Optional.of(Duration.ZERO));
    assertThat(waits(Duration.ofSeconds(7))).containsOnly(Optional.of(Duration.ofSeconds(7)));
  }

  private static List<Optional<Duration>> waits(Duration asked) {
    return List.of(
        ((Outcome.Retryable) Outcome.retryable("", asked)).retryAfter(),
        ((Outcome.Throttled) Outcome.throttled("", asked)).retryAfter());
  }

  @Test
  void anEndlessDescriptionIsCut() {
    String endless = "x".repeat(1_000_000);

    assertThat(
            List.of(
                Outcome.retryable(endless),
                Outcome.throttled(endless),
                Outcome.invalidAddress(endless),
                Outcome.rejected(endless),
                Outcome.misconfigured(endless),
                Outcome.unknown(endless)))
        .allSatisfy(outcome -> assertThat(outcome.cause()).hasSize(1_000));
    assertThat(new Reason("CODE", endless).detail()).hasSize(1_000);
  }
}
