package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Erasure;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotifyException;
import dev.notify.model.Outcome;
import dev.notify.model.Preferences;
import dev.notify.model.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Forgetting a person: nothing more goes out, nothing personal stays, counts stay true. */
class ForgettingTest {

  private final Stage stage = new Stage();

  private Notification tomorrow() {
    return hello().at(stage.clock.instant().plus(Duration.ofDays(1))).build();
  }

  @Test
  void whatIsOpenIsCalledOffAndEveryoneHearsOfIt() {
    List<DeliveryEvent.Type> heard = new ArrayList<>();
    try (var dispatcher = stage.builder().listener(event -> heard.add(event.type())).build()) {
      var receipt = dispatcher.send(tomorrow());

      Erasure erasure = dispatcher.forget("jane");

      assertThat(erasure.cancelled()).hasSize(1);
      assertThat(erasure.inFlight()).isEmpty();
      assertThat(heard).contains(DeliveryEvent.Type.CANCELLED);
      assertThat(receipt.outcome()).isDone();
      assertThat(only(dispatcher, receipt).reason().map(Reason::code)).contains(Reason.FORGOTTEN);
      stage.pass(Duration.ofDays(2));
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void contentAndAddressesGoAndTheStatusStays() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL, SMS).build());
      var others =
          dispatcher.send(Notification.to(Address.email("john@example.com")).body("Hello").build());

      Erasure erasure = dispatcher.forget("jane");

      assertThat(erasure.notifications()).isEqualTo(1);
      assertThat(erasure.deliveries()).isEqualTo(2);
      NotificationRecord left = dispatcher.status(receipt.id()).orElseThrow();
      assertThat(left.isErased()).isTrue();
      assertThat(left.notification().content().orElseThrow().title()).isEmpty();
      assertThat(left.deliveries())
          .extracting(Delivery::status)
          .containsExactly(DeliveryStatus.SENT, DeliveryStatus.SENT);
      assertThat(dispatcher.status(others.id()).orElseThrow().isErased()).isFalse();
    }
  }

  @Test
  void whatThePersonHasChosenGoesWithItsHistory() {
    try (var dispatcher = stage.builder().build()) {
      var no = new Preferences.Choice(false, stage.clock.instant(), "settings page");
      dispatcher
          .preferences()
          .update("jane", "jane", "settings page", p -> p.toBuilder().everything(no).build());
      assertThat(dispatcher.preferences().history("jane"))
          .extracting(change -> change.origin().source())
          .containsExactly("settings page");

      assertThat(dispatcher.forget("jane").choices()).isEqualTo(1);

      assertThat(dispatcher.preferences().history("jane")).isEmpty();
      assertThat(dispatcher.preferences().find("jane")).isEqualTo(Preferences.NONE);
    }
  }

  @Test
  void whatIsInFlightIsToldAndNotTriedAgain() {
    AtomicReference<NotificationDispatcher> running = new AtomicReference<>();
    AtomicReference<Erasure> erasure = new AtomicReference<>();
    stage.email.nextDoes(
        message -> {
          erasure.set(running.get().forget("jane"));
          return Outcome.retryable("busy");
        });
    try (var dispatcher = stage.builder().build()) {
      running.set(dispatcher);
      var receipt = dispatcher.send(hello().build());

      assertThat(erasure.get().inFlight()).hasSize(1);
      stage.pass(Duration.ofDays(1));
      assertThat(stage.email.calls()).isEqualTo(1);
      assertThat(only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.CANCELLED);
    }
  }

  @Test
  void aDeadLetterCannotBeSentAgain() {
    stage.email.next(Outcome.rejected("spam"));
    try (var dispatcher = stage.builder().build()) {
      var dead = only(dispatcher, dispatcher.send(hello().build()));

      dispatcher.forget("jane");

      assertThat(dispatcher.deadLetters(10)).isEmpty();
      assertThatThrownBy(() -> dispatcher.replay(dead.id())).isInstanceOf(NotifyException.class);
    }
  }

  @Test
  void aSuppressionOutlivesTheErasure() {
    stage.email.next(Outcome.invalidAddress("unknown"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      dispatcher.forget("jane");

      dispatcher.send(hello().build());
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void whoComesBackIsWrittenToAgain() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.forget("jane");

      var receipt = dispatcher.send(hello().build());

      assertThat(only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.SENT);
    }
  }

  @Test
  void nobodyIsRefused() {
    try (var dispatcher = stage.builder().build()) {
      assertThatThrownBy(() -> dispatcher.forget(" "))
          .isInstanceOf(InvalidNotificationException.class);
      assertThat(dispatcher.forget("whoever").notifications()).isZero();
    }
  }
}
