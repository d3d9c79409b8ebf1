package dev.notify.specs;

import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Attempt;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Lane;
import dev.notify.model.NotificationRecord;
import dev.notify.model.ProviderEvent;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who looks at a dispatcher that others have built. */
class LookingOnTest {

  private final Stage stage = new Stage();

  @Test
  void whoeverListensHearsWhatHappensUntilTheyLeave() {
    List<Type> heard = new ArrayList<>();
    try (var dispatcher = stage.builder().build()) {
      Subscription place = dispatcher.listen(event -> heard.add(event.type()));
      dispatcher.send(hello().build());
      place.close();
      place.close();
      dispatcher.send(hello().build());
    }

    assertThat(heard).containsOnlyOnce(Type.SENT).endsWith(Type.SENT);
  }

  @Test
  void aListenerThatThrowsHarmsNeitherTheDeliveryNorTheOthers() {
    List<DeliveryEvent> heard = new ArrayList<>();
    try (var dispatcher = stage.builder().build()) {
      Subscription ignored =
          dispatcher.listen(
              event -> {
                throw new IllegalStateException("not now");
              });
      Subscription other = dispatcher.listen(heard::add);
      dispatcher.send(hello().build());
      ignored.close();
      other.close();
    }

    assertThat(stage.email.messages()).hasSize(1);
    assertThat(heard).isNotEmpty();
  }

  @Test
  void severalCountAndTime() {
    List<Attempt> first = new ArrayList<>();
    List<Attempt> second = new ArrayList<>();
    try (var dispatcher = stage.builder().metrics(counting(first)).build()) {
      Subscription place = dispatcher.measure(counting(second));
      dispatcher.send(hello().build());
      place.close();
      dispatcher.send(hello().build());
    }

    assertThat(first).hasSize(2);
    assertThat(second).hasSize(1);
  }

  private static MetricsListener counting(List<Attempt> attempts) {
    return new MetricsListener() {
      @Override
      public void onAttempt(Lane lane, Attempt attempt) {
        attempts.add(attempt);
      }
    };
  }

  @Test
  void whoSeesAMessageBeforeItsSendingIsWrittenDownHasSeenIt() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.schedule(hello().build(), stage.clock.instant().plusSeconds(1));
      String message = stage.email.name() + "-" + Stage.only(dispatcher, receipt).id();
      ProviderEvent seen =
          new ProviderEvent(stage.email.name(), message, Type.OPENED, stage.clock.instant(), "");

      assertThat(dispatcher.track(seen)).isEmpty();
      stage.pass(Duration.ofSeconds(1));
      assertThat(Stage.only(dispatcher, receipt).providerMessageId()).contains(message);
      stage.pass(Duration.ofSeconds(2));

      assertThat(dispatcher.status(receipt.id()).orElseThrow().wasSeen()).isTrue();
    }
  }

  @Test
  void theNewestNotificationsAndThoseOfAPersonAreListed() {
    try (var dispatcher = stage.builder().build()) {
      var first = dispatcher.send(hello().build());
      var second = dispatcher.send(hello().build());

      assertThat(dispatcher.recent(Optional.empty(), 1))
          .extracting(NotificationRecord::id)
          .containsExactly(second.id());
      assertThat(dispatcher.recent(Optional.of(second.id()), 10))
          .extracting(NotificationRecord::id)
          .containsExactly(first.id());
      assertThat(dispatcher.notificationsOf("jane", Optional.of(first.id()), 10))
          .extracting(NotificationRecord::id)
          .containsExactly(second.id());
      assertThatThrownBy(() -> dispatcher.recent(Optional.empty(), 0))
          .hasMessageContaining("limit: 0")
          .hasMessageContaining(String.valueOf(NotificationDispatcher.LONGEST_PAGE));
    }
  }
}
