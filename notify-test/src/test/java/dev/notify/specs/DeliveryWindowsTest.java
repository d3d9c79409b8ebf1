package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.QuietHours;
import dev.notify.model.Reason;
import dev.notify.policy.DeliveryWindow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Only at these hours of the recipient's day. It is Monday, ten o'clock where Jane lives. */
class DeliveryWindowsTest {

  private final Stage stage = new Stage();

  private static Delivery send(NotificationDispatcher dispatcher, Notification.Builder what) {
    return only(dispatcher, dispatcher.send(what.build()));
  }

  @Test
  void whatComesOutsideWaitsForTheOpening() {
    try (var dispatcher =
        stage.builder().deliveryWindow(DeliveryWindow.between("12:00", "20:00")).build()) {
      Delivery waiting = send(dispatcher, hello());

      assertThat(waiting.status()).isEqualTo(SCHEDULED);
      assertThat(waiting.reason().orElseThrow().toString())
          .contains(Reason.DELIVERY_WINDOW, "12:00-20:00", "Europe/Berlin");
      assertThat(waiting.due()).isEqualTo(Instant.parse("2026-03-02T11:00:00Z"));
      stage.clock.advanceTo(waiting.due());
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void whatComesInsideGoesAtOnce() {
    try (var dispatcher =
        stage.builder().deliveryWindow(DeliveryWindow.between("09:00", "20:00")).build()) {
      assertThat(send(dispatcher, hello()).status()).isEqualTo(SENT);
    }
  }

  @Test
  void onOtherDaysItIsClosed() {
    try (var dispatcher =
        stage
            .builder()
            .deliveryWindow(
                DeliveryWindow.between("09:00", "20:00").on(DayOfWeek.WEDNESDAY),
                DeliveryWindow.between("10:00", "12:00").on(DayOfWeek.THURSDAY))
            .build()) {
      assertThat(send(dispatcher, hello()).due()).isEqualTo(Instant.parse("2026-03-04T08:00:00Z"));
      stage.clock.advanceTo(Instant.parse("2026-03-04T20:00:00Z"));
      assertThat(send(dispatcher, hello()).due()).isEqualTo(Instant.parse("2026-03-05T09:00:00Z"));
    }
  }

  @Test
  void theMostExactWindowCounts() {
    try (var dispatcher =
        stage
            .builder()
            .deliveryWindow(
                DeliveryWindow.between("12:00", "20:00"),
                DeliveryWindow.between("13:00", "20:00").onChannel(EMAIL),
                DeliveryWindow.between("14:00", "20:00").ofCategory("news"),
                DeliveryWindow.between("15:00", "20:00").ofCategory("news").onChannel(EMAIL))
            .build()) {
      assertThat(dueHour(dispatcher, hello().channels(SMS))).isEqualTo(11);
      assertThat(dueHour(dispatcher, hello())).isEqualTo(12);
      assertThat(dueHour(dispatcher, hello().category("news").channels(SMS))).isEqualTo(13);
      assertThat(dueHour(dispatcher, hello().category("news"))).isEqualTo(14);
    }
  }

  private static int dueHour(NotificationDispatcher dispatcher, Notification.Builder what) {
    return send(dispatcher, what).due().atZone(java.time.ZoneOffset.UTC).getHour();
  }

  @Test
  void whatIsCriticalPassesAndSoDoesWhatPassesQuietHoursUnlessItsOwnWindowSaysElse() {
    DeliveryWindow later = DeliveryWindow.between("12:00", "20:00");
    try (var dispatcher =
        stage
            .builder()
            .categories(Category.GENERAL, Category.transactional("code").throughQuietHours())
            .deliveryWindow(later)
            .build()) {
      assertThat(send(dispatcher, hello().priority(Priority.CRITICAL)).status()).isEqualTo(SENT);
      assertThat(send(dispatcher, hello().category("code")).status()).isEqualTo(SENT);
    }
    try (var dispatcher =
        stage
            .builder()
            .categories(Category.transactional("code").throughQuietHours())
            .deliveryWindow(later.ofCategory("code"))
            .build()) {
      assertThat(send(dispatcher, hello().category("code")).status()).isEqualTo(SCHEDULED);
    }
  }

  @Test
  void aCategoryThatIsNotDeclaredIsNamed() {
    var builder =
        stage
            .builder()
            .categories(Category.marketing("newsletter"))
            .deliveryWindow(DeliveryWindow.between("12:00", "20:00").ofCategory("news-letter"));

    assertThatThrownBy(builder::build)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("deliveryWindow")
        .hasMessageContaining("'news-letter'");
  }

  @Test
  void itIsNeverDeliveredLaterThanItIsOfUse() {
    try (var dispatcher =
        stage.builder().deliveryWindow(DeliveryWindow.between("12:00", "20:00")).build()) {
      var receipt = dispatcher.send(hello().expiresIn(Duration.ofHours(1)).build());

      assertThat(dispatcher, receipt).is(EXPIRED);
    }
  }

  @Test
  void quietHoursHoldBesidesSoThatItComesWhenBothAgree() {
    try (var dispatcher =
        stage
            .builder()
            .quietHours(QuietHours.between("11:00", "13:30"))
            .deliveryWindow(DeliveryWindow.between("12:00", "13:00"))
            .build()) {
      Delivery never = send(dispatcher, hello().expiresIn(Duration.ofDays(20)));
      assertThat(never.status()).isEqualTo(EXPIRED);
    }
    try (var dispatcher =
        stage
            .builder()
            .quietHours(QuietHours.between("11:00", "12:30"))
            .deliveryWindow(DeliveryWindow.between("12:00", "13:00"))
            .build()) {
      assertThat(send(dispatcher, hello()).due()).isEqualTo(Instant.parse("2026-03-02T11:30:00Z"));
    }
  }
}
