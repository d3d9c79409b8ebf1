package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.BulkReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationType;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.model.TemplateException;
import dev.notify.spi.OutboundMessage;
import dev.notify.template.TemplateSources;
import dev.notify.test.RecordingProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SendingTest {

  private final Stage stage = new Stage();

  @Test
  void theSimplestSendIsOneLine() {
    try (var dispatcher = NotificationDispatcher.builder().provider(stage.email).build()) {
      var receipt =
          dispatcher.send(
              Notification.to(Address.email("jane@example.com"))
                  .title("Hello")
                  .body("It works.")
                  .build());

      assertThat(receipt.outcome().join().isSettled()).isTrue();
      assertThat(dispatcher, receipt).on(EMAIL).is(SENT);
    }
  }

  @Test
  void everyChannelOfThePersonIsReached() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL, SMS).build());

      assertThat(dispatcher, receipt).count(2).on(EMAIL).is(SENT).by("email").on(SMS).is(SENT);
      assertThat(stage.email.messages())
          .singleElement()
          .satisfies(
              message -> {
                assertThat(message.address().value()).isEqualTo("jane@example.com");
                assertThat(message.content().title()).contains("Hello");
                assertThat(message.priority()).isEqualTo(Priority.NORMAL);
              });
    }
  }

  @Test
  void everyDeviceOfAChannelIsReached() {
    Recipient twoDevices = Recipient.builder("joe").fcm("phone").fcm("tablet").build();
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.send(Notification.to(twoDevices).body("Hi").channels(Channel.PUSH).build());

      assertThat(dispatcher, receipt).count(2).is(SENT);
      assertThat(stage.push.messages())
          .extracting(message -> message.address().value())
          .containsExactlyInAnyOrder("phone", "tablet");
    }
  }

  @Test
  void oneFailingChannelNeitherStopsNorRepeatsAnother() {
    stage.email.always(Outcome.rejected("no"));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL, SMS).build());

      assertThat(dispatcher, receipt).on(SMS).is(SENT).afterCalls(1);
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void theReceiptShowsWhatWasDecided() {
    Recipient mailOnly = Recipient.builder("joe").email("joe@example.com").build();
    try (var dispatcher = stage.builder().build()) {
      SendReceipt receipt =
          dispatcher.send(Notification.to(mailOnly).body("Hi").channels(EMAIL, SMS).build());

      assertThat(receipt.answer()).isEqualTo(SendReceipt.Answer.NEW);
      assertThat(receipt.decisions())
          .extracting(decided -> decided.channel() + " " + decided.decision())
          .containsExactly("email allow", "sms suppress: NO_ADDRESS");
    }
  }

  @Test
  void explainSaysTheSameWithoutSending() {
    try (var dispatcher = stage.builder().build()) {
      var decisions = dispatcher.explain(hello().channels(EMAIL, SMS).build());

      assertThat(decisions)
          .extracting(decided -> decided.decision().toString())
          .containsExactly("allow", "allow");
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void theFirstPossibleChannelIsEnough() {
    Recipient noDevice =
        Recipient.builder("joe").email("j@example.com").sms("+14155550100").build();
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.send(
              Notification.to(noDevice)
                  .body("Hi")
                  .routing(Routing.first(Channel.PUSH, EMAIL, SMS))
                  .build());

      assertThat(dispatcher, receipt).on(EMAIL).is(SENT);
      assertThat(stage.sms.calls()).isZero();
    }
  }

  @Test
  void bulkSendingGoesOnAfterAFailureAndNamesIt() {
    try (var dispatcher = stage.builder().build()) {
      BulkReceipt receipt =
          dispatcher.sendAll(
              Stream.of(
                  hello().build(),
                  Notification.to("nobody").body("Hi").channels(EMAIL).build(),
                  hello().build()));

      assertThat(receipt.accepted()).isEqualTo(2);
      assertThat(receipt.failed()).isEqualTo(1);
      assertThat(receipt.failures())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.index()).isEqualTo(1);
                assertThat(failure.recipientId()).isEqualTo("nobody");
                assertThat(failure.cause()).hasMessageContaining("recipient");
              });
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without nullness checks can do
  void bulkSendingGoesOnAfterWhatIsNoPersonAndNoNotification() {
    try (var dispatcher = stage.builder().build()) {
      BulkReceipt people =
          dispatcher.sendAll(hello().build(), Arrays.asList("jane", " ", null, "x".repeat(300)));
      BulkReceipt notifications =
          dispatcher.sendAll(Stream.of(hello().build(), null, hello().build()));

      assertThat(people.accepted()).isEqualTo(1);
      assertThat(people.failures())
          .extracting(BulkReceipt.Failure::index)
          .containsExactly(1L, 2L, 3L);
      assertThat(notifications.accepted()).isEqualTo(2);
      assertThat(notifications.failures())
          .singleElement()
          .satisfies(failure -> assertThat(failure.cause()).hasMessageContaining("notification"));
    }
  }

  @Test
  void bulkSendingGoesOnAfterTheApplicationsOwnFault() {
    try (var dispatcher =
        stage
            .builder()
            .recipients(
                id -> {
                  if (id.equals("broken")) {
                    throw new IllegalStateException("jane@example.com cannot be read");
                  }
                  return Optional.of(Recipient.builder(id).email(id + "@example.com").build());
                })
            .build()) {
      BulkReceipt receipt = dispatcher.sendAll(hello().build(), List.of("first", "broken", "last"));

      assertThat(receipt.accepted()).isEqualTo(2);
      assertThat(receipt.failures())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.recipientId()).isEqualTo("broken");
                assertThat(failure.cause())
                    .hasMessageContaining("IllegalStateException")
                    .hasMessageNotContaining("jane@example.com")
                    .hasCauseInstanceOf(IllegalStateException.class);
              });
    }
  }

  @Test
  void whoIsNamedTwiceGetsItOnceAndTheActorNotAtAll() {
    Map<String, Recipient> people =
        Map.of(
            "a", Recipient.builder("a").email("a@example.com").build(),
            "b", Recipient.builder("b").email("b@example.com").build());
    try (var dispatcher =
        stage.builder().recipients(id -> Optional.ofNullable(people.get(id))).build()) {
      BulkReceipt receipt = dispatcher.sendAll(hello().actor("b").build(), List.of("a", "b", "a"));

      assertThat(receipt.accepted()).isEqualTo(2);
      assertThat(receipt.repeated()).isEqualTo(1);
      assertThat(stage.email.messages())
          .extracting(OutboundMessage::recipientId)
          .containsExactly("a");
    }
  }

  record Shipped(long orderId, String url) {}

  @Test
  void aTypeMakesACallSiteOneLine() {
    NotificationType<Shipped> shipped =
        NotificationType.of("shipped", Shipped.class)
            .channels(SMS)
            .key(data -> "order-" + data.orderId())
            .build();
    try (var dispatcher =
        stage
            .builder()
            .templates(TemplateSources.of(Map.of("shipped/sms.text", "Order {{orderId}}: {{url}}")))
            .types(shipped)
            .build()) {
      dispatcher.send(shipped, "jane", new Shipped(1017, "https://x.example/1"));
      dispatcher.send(shipped, "jane", new Shipped(1017, "https://x.example/1"));

      assertThat(stage.sms.messages())
          .singleElement()
          .satisfies(
              message ->
                  assertThat(message.content().body()).contains("Order 1017: https://x.example/1"));
    }
  }

  @Test
  void aTypeWhoseTemplateNeedsMoreThanItsDataHasIsRefusedWhenBuilding() {
    NotificationType<Shipped> shipped =
        NotificationType.of("shipped", Shipped.class).channels(SMS).build();
    var builder =
        stage
            .builder()
            .templates(TemplateSources.of(Map.of("shipped/sms.text", "Order {{number}}")))
            .types(shipped);

    assertThatThrownBy(builder::build)
        .isInstanceOf(TemplateException.class)
        .hasMessageContainingAll("shipped", "number", "sms");
  }

  @Test
  void whatCanNeverBeDeliveredIsRefusedWithTheFieldsName() {
    try (var dispatcher = stage.builder().categories(Category.optional("news")).build()) {
      refuses(dispatcher, hello().category("news").channels(Channel.IN_APP), "channels", "inapp");
      refuses(dispatcher, hello().category("new"), "category", "new");
      refuses(
          dispatcher,
          Notification.to("nobody").body("Hi").category("news").channels(EMAIL),
          "recipient",
          "nobody");
    }
  }

  @Test
  void anUnusableAddressIsRefusedWhereTheCallerGaveItAndSuppressedWhereTheDirectoryDid() {
    stage.sms.checking(
        address ->
            address.value().startsWith("+") ? Optional.empty() : Optional.of("is no number"));
    Recipient joe = Recipient.builder("joe").sms("4155550100").build();
    try (var dispatcher = stage.builder().recipients(id -> Optional.of(joe)).build()) {
      refuses(
          dispatcher,
          Notification.to(joe).body("Hi").channels(SMS),
          "recipient.addresses",
          "is no number");

      var receipt = dispatcher.send(Notification.to("joe").body("Hi").channels(SMS).build());
      assertThat(receipt.decisions().get(0).decision().toString()).contains("INVALID_ADDRESS");
    }
  }

  @Test
  void contentThatAChannelCannotCarryIsRefusedAtSend() {
    RecordingProvider tiny =
        RecordingProvider.of(SMS)
            .checkingContent(
                content -> content.textBytes() > 10 ? Optional.of("too long") : Optional.empty());
    try (var dispatcher = stage.bare().provider(tiny).build()) {
      refuses(
          dispatcher,
          Notification.to("jane").content(Content.ofBody("longer than ten")).channels(SMS),
          "content",
          "sms");
    }
  }

  @Test
  void aDirectoryThatMixesPeopleUpIsFoundOut() {
    Recipient other = Recipient.builder("other").email("other@example.com").build();
    try (var dispatcher = stage.builder().recipients(id -> Optional.of(other)).build()) {
      assertThatThrownBy(() -> dispatcher.send(hello().build()))
          .hasMessageContainingAll("jane", "other");
      assertThat(stage.email.calls()).isZero();
    }
  }

  @Test
  void nullIsRefusedByName() {
    try (var dispatcher = stage.builder().build()) {
      assertThatThrownBy(() -> dispatcher.send(nothing()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("notification");
    }
  }

  @SuppressWarnings("NullAway") // what a caller without nullness checks can do
  private static Notification nothing() {
    return null;
  }

  @Test
  void severalDispatchersLiveSideBySide() {
    RecordingProvider other = RecordingProvider.of(EMAIL);
    try (var one = stage.builder().build();
        var two = stage.bare().provider(other).build()) {
      one.send(hello().build());
      var receipt = two.send(hello().build());

      assertThat(stage.email.calls()).isEqualTo(1);
      assertThat(other.calls()).isEqualTo(1);
      assertThat(one.status(receipt.id())).isEmpty();
    }
  }

  private static void refuses(
      NotificationDispatcher dispatcher, Notification.Builder builder, String field, String value) {
    assertThatThrownBy(() -> dispatcher.send(builder.build()))
        .isInstanceOfSatisfying(
            InvalidNotificationException.class, e -> assertThat(e.field()).isEqualTo(field))
        .hasMessageContaining(value);
  }
}
