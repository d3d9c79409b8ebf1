package dev.notify.specs;

import static dev.notify.model.Channel.SMS;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.spi.ChainOrder;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** In which order the providers of a channel are asked, by weight, by country or by cost. */
class ChainOrderTest {

  private final Stage stage = new Stage();
  private final RecordingProvider first = RecordingProvider.of(SMS, "first");
  private final RecordingProvider second = RecordingProvider.of(SMS, "second");
  private final RecordingProvider third = RecordingProvider.of(SMS, "third");

  private NotificationDispatcher dispatcher(ChainOrder order) {
    return stage.bare().provider(first).provider(second).provider(third).order(SMS, order).build();
  }

  private static Notification to(String number) {
    return Notification.to(Address.sms(number)).body("Hello").build();
  }

  @Test
  void weightsShareOutAndZeroOnlyStandsBy() {
    try (var dispatcher = dispatcher(ChainOrder.weighted(Map.of("first", 3, "second", 1)))) {
      for (int i = 0; i < 1_000; i++) {
        dispatcher.send(to("+4915155501%02d".formatted(i % 100)));
      }

      assertThat(first.calls()).isCloseTo(750, within(80));
      assertThat(first.calls() + second.calls()).isEqualTo(1_000);
      assertThat(third.calls()).isZero();
    }
  }

  @Test
  void anAttemptThatIsRepeatedGoesToWhoHadItFirst() {
    try (var dispatcher = dispatcher(ChainOrder.weighted(Map.of("second", 1)))) {
      second.next(Outcome.retryable("down"));
      first.next(Outcome.retryable("down"));
      third.next(Outcome.retryable("down"));
      var receipt = dispatcher.send(to("+4915155501"));

      stage.pass(Duration.ofMinutes(10));

      assertThat(dispatcher, receipt).is(DeliveryStatus.SENT);
      assertThat(second.calls()).isEqualTo(2);
      assertThat(first.calls()).isEqualTo(1);
    }
  }

  @Test
  void theLongestPrefixDecidesAndTheOthersStandBy() {
    ChainOrder order =
        ChainOrder.byPrefix(Map.of("+1", List.of("second"), "+1204", List.of("third")));
    try (var dispatcher = dispatcher(order)) {
      dispatcher.send(to("+4915155501"));
      dispatcher.send(to("+14155550100"));
      dispatcher.send(to("+12045550100"));
      assertThat(List.of(first.calls(), second.calls(), third.calls())).containsOnly(1);

      third.next(Outcome.retryable("down"));
      dispatcher.send(to("+12045550100"));
      assertThat(first.calls()).isEqualTo(2);
    }
  }

  @Test
  void theCheapestIsAskedFirst() {
    Map<String, Double> prices = Map.of("first", 0.07, "second", 0.05, "third", 0.06);
    try (var dispatcher =
        dispatcher(ChainOrder.cheapest((provider, message) -> prices.get(provider)))) {
      second.next(Outcome.retryable("down"));
      dispatcher.send(to("+4915155501"));

      assertThat(second.calls()).isEqualTo(1);
      assertThat(third.calls()).isEqualTo(1);
      assertThat(first.calls()).isZero();
    }
  }

  @Test
  void anOrderThatNamesNobodyLosesNothing() {
    try (var dispatcher = dispatcher((message, providers) -> List.of("nobody"))) {
      dispatcher.send(to("+4915155501"));

      assertThat(first.calls()).isEqualTo(1);
    }
  }

  @Test
  void aNegativeWeightIsRefused() {
    assertThatThrownBy(() -> ChainOrder.weighted(Map.of("first", -1)))
        .hasMessageContaining("first");
  }
}
