package dev.notify.specs;

import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Priority;
import dev.notify.model.ProviderEvent;
import dev.notify.model.QuietHours;
import dev.notify.model.Reason;
import dev.notify.policy.SendTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** What waits for the hour at which a person mostly opens what they get; Jane lives in Berlin. */
class SendTimeTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private final Stage stage = new Stage();

  private DispatcherBuilder builder(SendTime rule) {
    return stage.builder().sendTime(rule);
  }

  private static SendTime news() {
    return SendTime.ofCategory("news");
  }

  /** So many opens at a time of Jane's day. */
  private void open(NotificationDispatcher dispatcher, String instant, int times, boolean machine) {
    for (int i = 0; i < times; i++) {
      Delivery sent = only(dispatcher, dispatcher.send(hello().build()));
      ProviderEvent opened =
          new ProviderEvent(
              sent.provider().orElseThrow(),
              sent.providerMessageId().orElseThrow(),
              Type.OPENED,
              Instant.parse(instant).plusSeconds(i),
              "");
      dispatcher.track(machine ? opened.byMachine() : opened);
    }
  }

  private Delivery news(NotificationDispatcher dispatcher) {
    return only(dispatcher, dispatcher.send(hello().category("news").build()));
  }

  private static LocalTime localDue(Delivery delivery) {
    return delivery.due().atZone(BERLIN).toLocalTime();
  }

  @Test
  void itWaitsForTheHourAtWhichThePersonOpensMost() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 4, false); // 20:20 in Berlin
      open(dispatcher, "2026-03-01T07:20:00Z", 3, false);

      Delivery waiting = news(dispatcher);

      assertThat(waiting.status()).isEqualTo(SCHEDULED);
      assertThat(waiting.reason().orElseThrow().code()).isEqualTo(Reason.SEND_TIME);
      assertThat(localDue(waiting).getHour()).isEqualTo(20);
      stage.clock.advanceTo(waiting.due());
      assertThat(dispatcher.status(waiting.notificationId()).orElseThrow().deliveries())
          .extracting(Delivery::status)
          .containsExactly(SENT);
    }
  }

  @Test
  void inThatHourItGoesAtOnce() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T09:20:00Z", 5, false);

      assertThat(news(dispatcher).status()).isEqualTo(SENT);
    }
  }

  @Test
  void nothingWaitsLongerThanTheRuleSays() {
    try (var dispatcher = builder(news().within(Duration.ofHours(4))).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 9, false);
      open(dispatcher, "2026-03-01T11:20:00Z", 2, false); // 12:20, two hours ahead

      assertThat(localDue(news(dispatcher)).getHour()).isEqualTo(12);
    }
  }

  @Test
  void withTooLittleKnownItGoesAtOnceOrAtTheUsualTime() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 4, false);
      assertThat(news(dispatcher).status()).isEqualTo(SENT);
    }
    try (var dispatcher = builder(news().otherwiseAt(LocalTime.of(18, 30))).build()) {
      assertThat(localDue(news(dispatcher))).isEqualTo(LocalTime.of(18, 30));
    }
    try (var dispatcher = builder(news().otherwiseAt(LocalTime.of(8, 0))).build()) {
      assertThat(news(dispatcher).due()).isEqualTo(Instant.parse("2026-03-03T07:00:00Z"));
    }
  }

  @Test
  void programsTeachNothing() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 9, true);

      assertThat(news(dispatcher).status()).isEqualTo(SENT);
    }
  }

  @Test
  void otherCategoriesAndWhatIsCriticalDoNotWait() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 9, false);

      assertThat(dispatcher, dispatcher.send(hello().build())).is(SENT);
      assertThat(
              dispatcher,
              dispatcher.send(hello().category("news").priority(Priority.CRITICAL).build()))
          .is(SENT);
    }
  }

  @Test
  void anHourAtWhichItMayNotGoIsNoneToChoose() {
    try (var dispatcher =
        builder(news()).quietHours(QuietHours.between("19:00", "08:00")).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 9, false);
      open(dispatcher, "2026-03-01T15:20:00Z", 2, false);

      assertThat(localDue(news(dispatcher)).getHour()).isEqualTo(16);
    }
  }

  @Test
  void whatWouldExpireDoesNotWait() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 9, false);

      var receipt =
          dispatcher.send(hello().category("news").expiresIn(Duration.ofHours(2)).build());

      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void whoIsForgottenHasNoHabits() {
    try (var dispatcher = builder(news()).build()) {
      open(dispatcher, "2026-03-01T19:20:00Z", 9, false);

      assertThat(dispatcher.forget("jane").openHours()).isTrue();

      assertThat(news(dispatcher).status()).isEqualTo(SENT);
      assertThat(dispatcher.forget("jane").openHours()).isFalse();
    }
  }

  @Test
  void badRulesAreNamed() {
    assertThatThrownBy(() -> news().within(Duration.ofDays(8)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PT192H");
    assertThatThrownBy(() -> news().needing(0))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("needing");
    assertThatThrownBy(() -> builder(news()).sendTime(news()).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'news'");
  }
}
