package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Category;
import dev.notify.model.Digest;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.MissedRuns;
import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.RefusedException;
import dev.notify.model.StoredSchedule;
import dev.notify.model.StoredSchedule.State;
import dev.notify.routing.Audiences;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Notifications that are sent again and again; the stage begins on a Monday at nine in UTC. */
class RecurringSchedulesTest {

  private static final Map<String, String> ZONES =
      Map.of(
          "kiribati", "Pacific/Kiritimati", // UTC+14
          "tokyo", "Asia/Tokyo",
          "berlin", "Europe/Berlin",
          "utc", "UTC",
          "honolulu", "Pacific/Honolulu",
          "baker", "Etc/GMT+12");

  private final Stage stage = new Stage();
  private final List<String> came = new ArrayList<>();

  private NotificationDispatcher world() {
    return stage
        .clock
        .drive(NotificationDispatcher.builder())
        .provider(stage.email)
        .recipients(
            id ->
                Optional.ofNullable(ZONES.get(id))
                    .map(
                        zone ->
                            Recipient.builder(id)
                                .email(id + "@example.com")
                                .zone(ZoneId.of(zone))
                                .build()))
        .audience(Audiences.of("everyone", List.copyOf(ZONES.keySet())))
        .listener(
            event -> {
              if (event.type() == dev.notify.model.DeliveryEvent.Type.SENT) {
                came.add(event.recipientId() + " " + event.at());
              }
            })
        .build();
  }

  private static RecurringSchedule.Builder daily() {
    return RecurringSchedule.of("daily", "0 12 * * *", hello().build());
  }

  private void until(String instant) {
    stage.clock.advanceTo(Instant.parse(instant));
  }

  @Test
  void itRunsAtEachOfItsTimesAndNotBefore() {
    try (var dispatcher = stage.builder().build()) {
      StoredSchedule created = dispatcher.schedules().create(daily().build());
      assertThat(created.next()).contains(Instant.parse("2026-03-02T12:00:00Z"));

      until("2026-03-02T11:59:59Z");
      assertThat(stage.email.calls()).isZero();
      until("2026-03-02T12:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(1);
      until("2026-03-05T11:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(3);
      assertThat(dispatcher.schedules().find("daily").orElseThrow())
          .satisfies(
              one -> {
                assertThat(one.runs()).isEqualTo(3);
                assertThat(one.lastRun()).contains(Instant.parse("2026-03-04T12:00:00Z"));
                assertThat(one.fault()).isEmpty();
              });
    }
  }

  @Test
  void aZonesClocksAreFollowedThroughTheirChange() {
    try (var dispatcher = stage.builder().build()) {
      RecurringSchedule schedule = daily().cron("30 2 * * SUN").in("Europe/Berlin").build();

      assertThat(dispatcher.schedules().preview(schedule, 5))
          .extracting(RecurringSchedule.Occurrence::at)
          .containsExactly(
              Instant.parse("2026-03-08T01:30:00Z"),
              Instant.parse("2026-03-15T01:30:00Z"),
              Instant.parse("2026-03-22T01:30:00Z"),
              Instant.parse("2026-03-29T01:30:00Z"), // half past two does not exist: 03:30
              Instant.parse("2026-04-05T00:30:00Z"));
    }
  }

  @Test
  void inEachPersonsZoneEverybodyGetsItAtTheirTimeAndOnce() {
    try (var dispatcher = world()) {
      dispatcher
          .schedules()
          .create(
              RecurringSchedule.of("morning", "0 9 4 3 *", hello().build())
                  .toAudience("everyone")
                  .inEachZone()
                  .build());

      until("2026-03-06T00:00:00Z");

      assertThat(came)
          .containsExactly(
              "kiribati 2026-03-03T19:00:00Z",
              "tokyo 2026-03-04T00:00:00Z",
              "berlin 2026-03-04T08:00:00Z",
              "utc 2026-03-04T09:00:00Z",
              "honolulu 2026-03-04T19:00:00Z",
              "baker 2026-03-04T21:00:00Z");
      assertThat(dispatcher.schedules().find("morning").orElseThrow().runs()).isEqualTo(1);
    }
  }

  @Test
  void onePersonsOwnZoneDoesAsWell() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.schedules().create(daily().cron("0 8 * * *").inEachZone().build());

      until("2026-03-03T06:59:59Z");
      assertThat(stage.email.calls()).isZero();
      until("2026-03-03T07:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void eachRunToAnAudienceIsABroadcast() {
    try (var dispatcher = world()) {
      dispatcher.schedules().create(daily().toAudience("everyone").in("Asia/Tokyo").build());

      until("2026-03-04T12:00:00Z");

      assertThat(stage.email.messages())
          .extracting(OutboundMessage::recipientId)
          .hasSize(2 * ZONES.size())
          .containsAll(ZONES.keySet());
    }
  }

  @Test
  void theSameAgainChangesNothingAndAnotherIsRefused() {
    try (var dispatcher = stage.builder().build()) {
      StoredSchedule first = dispatcher.schedules().create(daily().build());

      assertThat(dispatcher.schedules().create(daily().build())).isEqualTo(first);
      assertThatThrownBy(() -> dispatcher.schedules().create(daily().cron("0 13 * * *").build()))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("'daily'");
      assertThat(dispatcher.schedules().list(10)).containsExactly(first);
    }
  }

  @Test
  void itCanBeChangedPausedResumedAndCancelled() {
    try (var dispatcher = stage.builder().build()) {
      var schedules = dispatcher.schedules();
      schedules.create(daily().build());

      schedules.change("daily", one -> one.toBuilder().cron("0 15 * * *").build());
      until("2026-03-02T14:00:00Z");
      assertThat(stage.email.calls()).isZero();
      until("2026-03-02T15:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(1);

      assertThat(schedules.pause("daily").state()).isEqualTo(State.PAUSED);
      until("2026-03-10T00:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(1);

      assertThat(schedules.resume("daily").next()).contains(Instant.parse("2026-03-10T15:00:00Z"));
      until("2026-03-10T16:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(2);

      assertThat(schedules.cancel("daily")).isTrue();
      assertThat(schedules.cancel("daily")).isFalse();
      until("2026-03-20T00:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(2);
      assertThatThrownBy(() -> schedules.pause("daily"))
          .isInstanceOf(NotifyException.class)
          .hasMessageContaining("daily");
    }
  }

  @Test
  void aChangeNeverRepeatsATimeThatHasRun() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.schedules().create(daily().build());
      until("2026-03-02T12:00:00Z");

      dispatcher.schedules().change("daily", one -> one.toBuilder().cron("0 12 * * MON").build());
      until("2026-03-02T13:00:00Z");

      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void aStoreThatIsFullHoldsARunUpAndLosesNone() {
    try (var dispatcher =
        stage.builder().store(MemoryStore.builder().capacity(1).build()).build()) {
      dispatcher.send(hello().at(Instant.parse("2026-03-02T12:03:00Z")).build());
      dispatcher.schedules().create(daily().build());

      until("2026-03-02T12:02:00Z");
      assertThat(stage.email.calls()).isZero();
      until("2026-03-02T12:04:00Z");
      assertThat(stage.email.calls()).isEqualTo(2);
    }
  }

  @Test
  void itStartsAndEnds() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher
          .schedules()
          .create(
              daily()
                  .startingAt(Instant.parse("2026-03-04T12:00:00Z"))
                  .endingAt(Instant.parse("2026-03-06T12:00:00Z"))
                  .build());

      until("2026-03-30T00:00:00Z");

      assertThat(stage.email.calls()).isEqualTo(2);
      assertThat(dispatcher.schedules().find("daily").orElseThrow().state()).isEqualTo(State.ENDED);
    }
  }

  @Test
  void aPersonWhoDoesNotExistIsAFaultOfTheRunAndNotTheEnd() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher
          .schedules()
          .create(
              RecurringSchedule.of(
                      "lost",
                      "0 12 * * *",
                      Notification.to("nobody").body("Hello").channels(EMAIL).build())
                  .build());

      until("2026-03-03T13:00:00Z");

      StoredSchedule lost = dispatcher.schedules().find("lost").orElseThrow();
      assertThat(lost.runs()).isEqualTo(2);
      assertThat(lost.fault().map(Reason::detail).orElseThrow()).contains("recipient");
      assertThat(lost.state()).isEqualTo(State.ACTIVE);
    }
  }

  @Test
  void anAudienceThatNobodyKnowsIsAFaultOfTheRun() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.schedules().create(daily().toAudience("ghosts").build());

      until("2026-03-02T13:00:00Z");

      assertThat(dispatcher.schedules().find("daily").orElseThrow().fault().orElseThrow().code())
          .isEqualTo(Reason.AUDIENCE_UNKNOWN);
    }
  }

  @Test
  void whoIsForgottenIsNotSentToAgain() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.schedules().create(daily().build());

      assertThat(dispatcher.forget("jane").schedules()).isEqualTo(1);

      until("2026-03-09T00:00:00Z");
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void badInputIsNamed() {
    assertRefused("cron", "field 2, the hour", () -> daily().cron("0 25 * * *"));
    assertRefused("cron", "never comes", () -> daily().cron("0 9 30 2 *"));
    assertRefused("schedule.zone", "'Mars/Olympus'", () -> daily().in("Mars/Olympus"));
    assertRefused(
        "schedule.id", "letters", () -> RecurringSchedule.of("a b", "@daily", hello().build()));
    assertRefused(
        "schedule.notification",
        "time of its own",
        () -> daily().notification(hello().atLocalTime(LocalDateTime.MIN).build()));
    assertRefused(
        "schedule.notification",
        "idempotency key",
        () -> daily().notification(hello().idempotencyKey("k").build()));
    assertRefused(
        "schedule.endsAt",
        "not after the start",
        () -> daily().startingAt(Instant.EPOCH.plusSeconds(1)).endingAt(Instant.EPOCH).build());
    assertRefused("missedRuns", "-1", () -> MissedRuns.upTo(-1));
    try (var dispatcher = stage.builder().build()) {
      assertRefused(
          "schedule.endsAt",
          "never run",
          () -> dispatcher.schedules().create(daily().endingAt(Instant.EPOCH).build()));
      assertRefused(
          "priority",
          "CRITICAL",
          () ->
              dispatcher
                  .schedules()
                  .create(
                      daily()
                          .notification(hello().priority(Priority.CRITICAL).build())
                          .toAudience("everyone")
                          .build()));
    }
  }

  private static void assertRefused(String field, String message, Runnable bad) {
    assertThatThrownBy(bad::run)
        .isInstanceOfSatisfying(
            InvalidNotificationException.class, e -> assertThat(e.field()).isEqualTo(field))
        .hasMessageContaining(message);
  }

  /** The executor is away from noon on Monday; the first step after it is that of Friday at ten. */
  private long callsAfterFourDays(MissedRuns policy, Duration life) {
    var away = new java.util.concurrent.atomic.AtomicBoolean();
    try (var dispatcher =
        stage
            .builder()
            .executor(
                task -> {
                  if (away.get()) {
                    throw new java.util.concurrent.RejectedExecutionException("away");
                  }
                  stage.clock.executor().execute(task);
                })
            .build()) {
      dispatcher
          .schedules()
          .create(daily().notification(hello().expiresIn(life).build()).missedRuns(policy).build());
      away.set(true);
      until("2026-03-06T10:00:00Z");
      away.set(false);
      until("2026-03-06T11:00:00Z");
      assertThat(dispatcher.schedules().find("daily").orElseThrow().next())
          .contains(Instant.parse("2026-03-06T12:00:00Z"));
      return stage.email.calls();
    }
  }

  @Test
  void missedRunsAreLeftOutIfThePolicySaysSo() {
    assertThat(callsAfterFourDays(MissedRuns.SKIP, Duration.ofDays(30))).isZero();
  }

  @Test
  void theLatestMissedRunIsMadeUpFor() {
    assertThat(callsAfterFourDays(MissedRuns.LATEST, Duration.ofDays(30))).isEqualTo(1);
  }

  @Test
  void missedRunsAreMadeUpForAsFarAsThePolicySays() {
    assertThat(callsAfterFourDays(MissedRuns.upTo(3), Duration.ofDays(30))).isEqualTo(3);
  }

  @Test
  void thereAreNoMoreThanWereMissed() {
    assertThat(callsAfterFourDays(MissedRuns.upTo(100), Duration.ofDays(30))).isEqualTo(4);
  }

  @Test
  void whatIsOfNoUseAnyMoreIsNotMadeUpFor() {
    assertThat(callsAfterFourDays(MissedRuns.upTo(100), Duration.ofHours(23))).isEqualTo(1);
  }

  /** It has a time of its own, as what is scheduled once. */
  @Test
  void whatIsDueGoesByItselfThoughItsCategoryIsCollected() {
    Digest digest = Digest.fixed(Duration.ofDays(1), "digest");
    try (var dispatcher =
        stage.builder().categories(Category.optional("news").digested(digest)).build()) {
      var news = hello().category("news").build();
      dispatcher.schedules().create(daily().notification(news).build());

      until("2026-03-02T12:00:00Z");

      assertThat(dispatcher.schedules().find("daily").orElseThrow().fault()).isEmpty();
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  /** An application declares it at each of its starts. */
  @Test
  void oneThatHasEndedMayBeDeclaredAgain() {
    try (var dispatcher = stage.builder().build()) {
      RecurringSchedule once = daily().endingAt(Instant.parse("2026-03-02T13:00:00Z")).build();
      dispatcher.schedules().create(once);
      until("2026-03-03T10:00:00Z");

      StoredSchedule again = dispatcher.schedules().create(once);

      assertThat(again.state()).isEqualTo(State.ENDED);
      assertThat(again.runs()).isEqualTo(1);
      until("2026-03-05T10:00:00Z");
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }
}
