package dev.notify.specs;

import static dev.notify.model.Channel.SMS;
import static dev.notify.test.NotificationAssert.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.spi.ChainOrder;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An order is the application's own code: its slips cost the order, not the message. */
class ChainOrderOfTheHostTest {

  private final Stage stage = new Stage();
  private final RecordingProvider first = RecordingProvider.of(SMS, "first");
  private final RecordingProvider second = RecordingProvider.of(SMS, "second");

  static Stream<ChainOrder> slips() {
    return Stream.of(
        (message, providers) -> {
          throw new IllegalStateException("price list not loaded");
        },
        (message, providers) -> null,
        (message, providers) -> Arrays.asList(null, "first"));
  }

  @ParameterizedTest
  @MethodSource("slips")
  void aMessageGoesOutThoughItsOrderFails(ChainOrder order) {
    try (NotificationDispatcher dispatcher =
        stage.bare().provider(first).provider(second).order(SMS, order).build()) {
      var receipt =
          dispatcher.send(Notification.to(Address.sms("+4915155501")).body("Hello").build());
      stage.pass(Duration.ofMinutes(10));

      assertThat(dispatcher, receipt).is(DeliveryStatus.SENT);
    }
  }

  @Test
  void largeWeightsShareOutLikeSmallOnes() {
    int many = 1_500_000_000;
    try (NotificationDispatcher dispatcher =
        stage
            .bare()
            .provider(first)
            .provider(second)
            .order(SMS, ChainOrder.weighted(Map.of("first", many, "second", many)))
            .build()) {
      for (int i = 0; i < 400; i++) {
        dispatcher.send(Notification.to(Address.sms("+4915155501")).body("Hello").build());
      }

      Assertions.assertThat(first.calls()).isBetween(150, 250);
    }
  }
}
