package dev.notify.specs;

import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Category;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Outcome;
import dev.notify.model.Preferences;
import dev.notify.model.Priority;
import dev.notify.model.QuietHours;
import dev.notify.model.Reason;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SchedulingTest {

  private final Stage stage = new Stage();
  private final AtomicReference<Duration> leap = new AtomicReference<>(Duration.ZERO);

  /** Somebody sets the clock; the stopwatch goes on as before. */
  private final EngineClock leaping =
      new EngineClock() {
        @Override
        public Instant instant() {
          return stage.clock.instant().plus(leap.get());
        }

        @Override
        public Wakeup wakeUp(Duration delay, Runnable task) {
          return stage.clock.wakeUp(delay, task);
        }
      };

  @Test
  void itIsSentAtTheMomentAndNotBefore() {
    try (var dispatcher = stage.builder().build()) {
      Instant tomorrow = stage.clock.instant().plus(Duration.ofDays(1));
      var receipt = dispatcher.schedule(hello().build(), tomorrow);
      assertThat(dispatcher, receipt).is(SCHEDULED);

      stage.clock.advanceTo(tomorrow.minusMillis(1));
      assertThat(dispatcher, receipt).is(SCHEDULED).afterCalls(0);

      stage.clock.advanceTo(tomorrow);
      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void aLocalTimeIsTheRecipientsOwn() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.schedule(hello().build(), LocalDateTime.parse("2026-03-03T08:00"));

      stage.clock.advanceTo(Instant.parse("2026-03-03T06:59:59Z"));
      assertThat(dispatcher, receipt).is(SCHEDULED);
      stage.clock.advanceTo(Instant.parse("2026-03-03T07:00:00Z"));
      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void aMomentThatHasPassedMeansAtOnce() {
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.schedule(hello().build(), stage.clock.instant().minus(Duration.ofDays(3)));

      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void aMomentTooFarAheadIsRefused() {
    try (var dispatcher = stage.builder().build()) {
      assertThatThrownBy(() -> dispatcher.schedule(hello().build(), Instant.MAX))
          .isInstanceOfSatisfying(
              InvalidNotificationException.class, e -> assertThat(e.field()).isEqualTo("schedule"));
      assertThatThrownBy(
              () -> dispatcher.schedule(hello().build(), LocalDateTime.parse("2999-01-01T00:00")))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("400 days");
    }
  }

  @Test
  void thousandsDueAtOneMomentAreAllSent() {
    try (var dispatcher = stage.builder().build()) {
      Instant noon = stage.clock.instant().plus(Duration.ofHours(3));
      for (int i = 0; i < 5_000; i++) {
        dispatcher.schedule(hello().build(), noon);
      }

      stage.clock.advanceTo(noon);

      assertThat(stage.email.calls()).isEqualTo(5_000);
    }
  }

  @Test
  void whatIsTooLateIsNeverSent() {
    stage.email.next(Outcome.throttled("busy", Duration.ofHours(2)));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      var late = dispatcher.send(hello().expiresIn(Duration.ofHours(1)).build());

      stage.pass(Duration.ofHours(3));

      assertThat(dispatcher, late).is(EXPIRED).because(Reason.EXPIRED).afterCalls(0);
    }
  }

  @Test
  void quietHoursDeferToTheirEndInTheRecipientsZone() {
    try (var dispatcher =
        stage.builder().quietHours(QuietHours.between("22:00", "07:30")).build()) {
      stage.clock.advanceTo(Instant.parse("2026-03-02T22:00:00Z")); // 23:00 in Berlin
      var receipt = dispatcher.send(hello().build());
      assertThat(dispatcher, receipt).is(SCHEDULED).because(Reason.QUIET_HOURS);

      stage.clock.advanceTo(Instant.parse("2026-03-03T06:29:59Z"));
      assertThat(dispatcher, receipt).is(SCHEDULED);
      stage.clock.advanceTo(Instant.parse("2026-03-03T06:30:00Z"));
      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void theNightOfTheClockChangeIsAnHourShorter() {
    try (var dispatcher =
        stage.builder().quietHours(QuietHours.between("22:00", "07:00")).build()) {
      stage.clock.advanceTo(Instant.parse("2026-03-28T22:00:00Z")); // Berlin leaps at 01:00Z
      var receipt = dispatcher.send(hello().build());

      assertThat(Stage.only(dispatcher, receipt).due())
          .isEqualTo(Instant.parse("2026-03-29T05:00:00Z"));
    }
  }

  @Test
  void ownQuietHoursCountBeforeTheDefault() {
    try (var dispatcher =
        stage.builder().quietHours(QuietHours.between("00:00", "23:59")).build()) {
      dispatcher
          .preferences()
          .update(
              "jane",
              old -> old.toBuilder().quietHours(QuietHours.between("01:00", "02:00")).build());

      assertThat(dispatcher, dispatcher.send(hello().build())).is(SENT);
    }
  }

  @Test
  void criticalAndCategoriesMarkedSoPassThrough() {
    Category alarm = Category.transactional("alarm").throughQuietHours();
    try (var dispatcher =
        stage
            .builder()
            .categories(alarm, Category.GENERAL)
            .quietHours(QuietHours.between("00:00", "23:59"))
            .build()) {
      assertThat(dispatcher, dispatcher.send(hello().category("alarm").build())).is(SENT);
      assertThat(dispatcher, dispatcher.send(hello().priority(Priority.CRITICAL).build())).is(SENT);
      assertThat(dispatcher, dispatcher.send(hello().build())).is(SCHEDULED);
    }
  }

  @Test
  void aDeferralNeverMakesAShortLivedMessageALateOne() {
    try (var dispatcher =
        stage.builder().quietHours(QuietHours.between("00:00", "23:59")).build()) {
      var receipt = dispatcher.send(hello().expiresIn(Duration.ofHours(1)).build());

      assertThat(dispatcher, receipt).is(EXPIRED);
      stage.pass(Duration.ofDays(1));
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void aScheduledMessageIsDecidedAgainWhenItIsDue() {
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.schedule(hello().build(), stage.clock.instant().plus(Duration.ofHours(1)));
      dispatcher
          .preferences()
          .update(
              "jane",
              old ->
                  old.toBuilder()
                      .everything(
                          new Preferences.Choice(false, stage.clock.instant(), "settings page"))
                      .build());

      stage.pass(Duration.ofHours(1));

      assertThat(dispatcher, receipt).because(Reason.OPTED_OUT).afterCalls(0);
    }
  }

  @Test
  void aClockThatIsSetForwardIsNoticedWithinAMinute() {
    try (var dispatcher = stage.builder().clock(leaping).build()) {
      var receipt =
          dispatcher.schedule(hello().build(), leaping.instant().plus(Duration.ofHours(1)));

      leap.set(Duration.ofHours(2));
      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void aClockThatIsSetBackDoesNotKeepAProviderResting() {
    stage.email.next(Outcome.throttled("busy", Duration.ofMinutes(1)));
    try (var dispatcher = stage.builder().clock(leaping).build()) {
      dispatcher.send(hello().build());
      leap.set(Duration.ofDays(-1));
      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher, dispatcher.send(hello().build())).is(SENT);
    }
  }
}
