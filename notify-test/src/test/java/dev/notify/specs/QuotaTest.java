package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.ConfigurationException;
import dev.notify.model.Quota;
import dev.notify.model.Rate;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** How many messages a provider is given on a day. */
class QuotaTest {

  private static final LocalDate FIRST = LocalDate.parse("2026-03-02");

  private final Stage stage = new Stage();
  private final RecordingProvider backup = RecordingProvider.of(EMAIL, "backup");

  @Test
  void whatIsOverTheQuotaGoesToTheNextProvider() {
    try (var dispatcher =
        stage
            .bare()
            .provider(stage.email)
            .provider(backup)
            .dailyQuota("email", Quota.perDay(3))
            .build()) {
      for (int i = 0; i < 5; i++) {
        dispatcher.send(hello().build());
      }

      assertThat(stage.email.calls()).isEqualTo(3);
      assertThat(backup.calls()).isEqualTo(2);
    }
  }

  @Test
  void whereThereIsNoOtherItWaitsForTheNextDayAndBurnsNoAttempt() {
    try (var dispatcher =
        stage
            .bare()
            .provider(stage.email)
            .dailyQuota("email", Quota.perDay(2))
            .rateLimit("email", Rate.perSecond(100))
            .build()) {
      for (int i = 0; i < 5; i++) {
        dispatcher.send(hello().expiresIn(Duration.ofDays(7)).build());
      }
      assertThat(stage.email.calls()).isEqualTo(2);

      stage.pass(Duration.ofHours(14));
      assertThat(stage.email.calls()).as("23:00").isEqualTo(2);

      stage.pass(Duration.ofHours(2));
      assertThat(stage.email.calls()).as("the next day").isEqualTo(4);

      stage.pass(Duration.ofDays(1));
      assertThat(stage.email.calls()).isEqualTo(5);
      assertThat(dispatcher.deadLetters(10)).isEmpty();
    }
  }

  @Test
  void whatTheRateTurnsAwayIsNotCountedForTheDay() {
    try (var dispatcher =
        stage
            .bare()
            .provider(stage.email)
            .dailyQuota("email", Quota.perDay(4))
            .rateLimit("email", new Rate(1, Duration.ofMinutes(1)))
            .build()) {
      for (int i = 0; i < 4; i++) {
        dispatcher.send(hello().build());
      }
      stage.pass(Duration.ofMinutes(30));

      assertThat(stage.email.calls()).isEqualTo(4);
    }
  }

  @Test
  void aWarmUpGrowsToItsMost() {
    Quota quota = Quota.warmUp(FIRST, 100, 1.5, 1_000);

    assertThat(quota.on(FIRST.minusDays(5))).isEqualTo(100);
    assertThat(quota.on(FIRST)).isEqualTo(100);
    assertThat(quota.on(FIRST.plusDays(1))).isEqualTo(150);
    assertThat(quota.on(FIRST.plusDays(2))).isEqualTo(225);
    assertThat(quota.on(FIRST.plusDays(400))).isEqualTo(1_000);
    assertThat(quota.on(FIRST.plusYears(900_000))).isEqualTo(1_000);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> Quota.perDay(0)).isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> Quota.warmUp(FIRST, 10, 0.5, 100))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> Quota.warmUp(FIRST, 10, 2, 5))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> stage.builder().dailyQuota("nobody", Quota.perDay(1)).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("dailyQuota: no provider 'nobody'; there are ");
  }
}
