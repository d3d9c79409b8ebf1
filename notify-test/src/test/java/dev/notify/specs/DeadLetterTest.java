package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.DeliveryStatus.DEAD;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Content;
import dev.notify.model.Delivery;
import dev.notify.model.NotifyException;
import dev.notify.model.Outcome;
import dev.notify.model.Recipient;
import dev.notify.spi.OutboundMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

  private final Stage stage = new Stage();

  @Test
  void whatWasGivenUpIsListedNewestFirst() {
    stage.email.always(Outcome.rejected("no"));
    try (var dispatcher = stage.builder().build()) {
      var first = dispatcher.send(hello().build());
      var second = dispatcher.send(hello().build());

      assertThat(dispatcher.deadLetters(10))
          .extracting(Delivery::notificationId)
          .containsExactly(second.id(), first.id());
      assertThat(dispatcher.deadLetters(1)).hasSize(1);
    }
  }

  @Test
  void aReplaySendsAgainAndTakesItOffTheList() {
    stage.email.next(Outcome.rejected("no"));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());
      Delivery dead = dispatcher.deadLetters(1).get(0);

      var again = dispatcher.replay(dead.id());

      assertThat(dispatcher, again).on(EMAIL).is(SENT);
      assertThat(dispatcher, receipt).is(DEAD);
      assertThat(dispatcher.deadLetters(10)).isEmpty();
      assertThatThrownBy(() -> dispatcher.replay(dead.id()))
          .isInstanceOf(NotifyException.class)
          .hasMessageContaining(dead.id().toString());
    }
  }

  @Test
  void itCanBeEditedBeforeItIsReplayed() {
    stage.email.next(Outcome.rejected("no"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      Delivery dead = dispatcher.deadLetters(1).get(0);

      dispatcher.replay(dead.id(), edited -> edited.content(Content.ofBody("Better now")));

      assertThat(stage.email.messages().get(1).content().body()).contains("Better now");
    }
  }

  @Test
  void itGoesToTheAddressThePersonHasNow() {
    stage.email.next(Outcome.invalidAddress("unknown"));
    Recipient[] jane = {Recipient.builder("jane").email("old@example.com").build()};
    try (var dispatcher = stage.builder().recipients(id -> Optional.of(jane[0])).build()) {
      dispatcher.send(hello().build());
      jane[0] = Recipient.builder("jane").email("new@example.com").build();

      dispatcher.replay(dispatcher.deadLetters(1).get(0).id());

      assertThat(stage.email.messages())
          .extracting(OutboundMessage::address)
          .extracting(address -> address.value())
          .isEqualTo(List.of("old@example.com", "new@example.com"));
    }
  }

  @Test
  void oneWordOfItCanBeEdited() {
    stage.email.next(Outcome.rejected("no"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      dispatcher.replay(dispatcher.deadLetters(1).get(0).id(), edited -> edited.title("Hi"));

      Content sent = stage.email.messages().get(1).content();
      assertThat(sent.title()).contains("Hi");
      assertThat(sent.body()).contains("How are you?");
    }
  }

  @Test
  void whatWouldOnlyBeSuppressedAgainStaysOnTheList() {
    stage.email.next(Outcome.invalidAddress("unknown"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      Delivery dead = dispatcher.deadLetters(1).get(0);

      assertThatThrownBy(() -> dispatcher.replay(dead.id()))
          .isInstanceOf(NotifyException.class)
          .hasMessageContaining("SUPPRESSED_ADDRESS");

      assertThat(dispatcher.deadLetters(1)).containsExactly(dead);
      dispatcher.suppressions().remove(dead.address());
      assertThat(dispatcher, dispatcher.replay(dead.id())).is(SENT);
    }
  }
}
