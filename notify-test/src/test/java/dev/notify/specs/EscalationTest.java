package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Push first; text message if nobody has seen it within half an hour. And what providers report.
 */
class EscalationTest {

  private final Stage stage = new Stage();
  private final Notification alarm =
      hello()
          .routing(
              Routing.escalate(PUSH)
                  .then(SMS, Duration.ofMinutes(30))
                  .then(EMAIL, Duration.ofHours(2)))
          .build();

  private Optional<Delivery> report(
      NotificationDispatcher dispatcher, SendReceipt receipt, DeliveryEvent.Type type) {
    Delivery push =
        Stage.record(dispatcher, receipt).deliveries().stream()
            .filter(delivery -> delivery.channel().equals(PUSH))
            .findFirst()
            .orElseThrow();
    return dispatcher.track(
        new ProviderEvent(
            "push", push.providerMessageId().orElseThrow(), type, stage.clock.instant(), ""));
  }

  @Test
  void whatNobodySawGoesOnToTheNextChannel() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);
      assertThat(dispatcher, receipt).on(PUSH).is(SENT).on(SMS).is(SCHEDULED);

      stage.pass(Duration.ofMinutes(30));
      assertThat(dispatcher, receipt).on(SMS).is(SENT).on(EMAIL).is(SCHEDULED);

      stage.pass(Duration.ofMinutes(90));
      assertThat(dispatcher, receipt).on(EMAIL).is(SENT);
    }
  }

  @Test
  void whatSomebodySawGoesNoFurther() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);

      report(dispatcher, receipt, DeliveryEvent.Type.OPENED);

      assertThat(dispatcher, receipt).on(SMS).is(SUPPRESSED).because(Reason.NOT_NEEDED);
      stage.pass(Duration.ofDays(1));
      assertThat(stage.sms.calls()).isZero();
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void lateRepeatedAndDisorderedReportsDoNoHarm() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);

      report(dispatcher, receipt, DeliveryEvent.Type.OPENED);
      assertThat(report(dispatcher, receipt, DeliveryEvent.Type.DELIVERED))
          .get()
          .extracting(Delivery::status)
          .isEqualTo(DeliveryStatus.DELIVERED);
      assertThat(report(dispatcher, receipt, DeliveryEvent.Type.DELIVERED)).as("again").isEmpty();
      report(dispatcher, receipt, DeliveryEvent.Type.SENT);

      assertThat(dispatcher, receipt).on(PUSH).is(DeliveryStatus.DELIVERED);
      assertThat(Stage.record(dispatcher, receipt).events())
          .extracting(DeliveryEvent::type)
          .contains(DeliveryEvent.Type.OPENED, DeliveryEvent.Type.DELIVERED);
    }
  }

  @Test
  void aReportOnAnUnknownMessageIsIgnored() {
    try (var dispatcher = stage.builder().build()) {
      assertThat(
              dispatcher.track(
                  new ProviderEvent(
                      "push",
                      "never-heard-of",
                      DeliveryEvent.Type.OPENED,
                      stage.clock.instant(),
                      "")))
          .isEmpty();
    }
  }

  @Test
  void aBounceRetiresTheAddress() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(alarm);

      report(dispatcher, receipt, DeliveryEvent.Type.BOUNCED);

      assertThat(dispatcher, receipt).on(PUSH).is(DeliveryStatus.BOUNCED);
      assertThat(dispatcher.suppressions().find(Stage.JANE.addresses(PUSH).get(0))).isPresent();
    }
  }
}
