package dev.notify.email;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.DeliveryStatus.BOUNCED;
import static dev.notify.model.DeliveryStatus.DELIVERED;
import static dev.notify.model.DeliveryStatus.SENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.WebhookAnswer;
import dev.notify.model.Address;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * SendGrid has one id for all mails of a request: what happens to one of them must not be told of
 * another.
 */
class SendGridBatchEventsTest {

  private final HttpStandIn vendor = HttpStandIn.answering(taken("M0"));
  private final List<Delivery> shared = new ArrayList<>();

  private static Response taken(String id) {
    return new Response(202, Map.of("X-Message-Id", id), "");
  }

  private NotificationDispatcher dispatcher() {
    return VirtualClock.at(SendGridWebhookTest.NOW.toString())
        .drive(NotificationDispatcher.builder())
        .provider(
            SendGridProvider.builder()
                .apiKey("k")
                .from("shop@example.com")
                .baseUrl(vendor.url())
                .build())
        .executor(Runnable::run)
        .inFlight(1)
        .build();
  }

  private static SendReceipt send(NotificationDispatcher dispatcher, String address) {
    return dispatcher.send(
        Notification.to(Address.email(address))
            .title("Your parcel")
            .body("It is on its way.")
            .channels(EMAIL)
            .withoutIdempotencyKey()
            .build());
  }

  /** While one mail is under way the others can only gather, and share the next request. */
  private void sendTogether(NotificationDispatcher dispatcher, String... addresses) {
    List<SendReceipt> receipts = new ArrayList<>();
    vendor.answer(
        request -> {
          if (vendor.requests().size() > 1) {
            return taken("M1");
          }
          for (String address : addresses) {
            receipts.add(send(dispatcher, address));
          }
          return taken("M0");
        });
    send(dispatcher, "first@example.org");
    receipts.forEach(
        receipt -> shared.addAll(dispatcher.status(receipt.id()).orElseThrow().deliveries()));
  }

  private DeliveryStatus statusNow(NotificationDispatcher dispatcher, int number) {
    return dispatcher
        .status(shared.get(number).notificationId())
        .orElseThrow()
        .deliveries()
        .get(0)
        .status();
  }

  @Test
  void eventsFindTheMailByItsReference() {
    try (vendor;
        NotificationDispatcher dispatcher = dispatcher()) {
      sendTogether(dispatcher, "jane@example.org", "joe@example.org", "jane@example.org");

      assertThat(vendor.requests()).hasSize(2);
      assertThat(shared)
          .extracting(delivery -> delivery.providerMessageId().orElseThrow())
          .containsExactlyElementsOf(
              shared.stream().map(delivery -> "M1." + delivery.id()).toList());

      WebhookAnswer answer =
          tell(
              dispatcher,
              event("bounce", "joe@example.org", shared.get(1).id().toString()),
              event("delivered", "jane@example.org", shared.get(2).id().toString()));

      assertThat(answer).isEqualTo(new WebhookAnswer(200, 2, 0, ""));
      assertThat(statusNow(dispatcher, 0)).isEqualTo(SENT);
      assertThat(statusNow(dispatcher, 1)).isEqualTo(BOUNCED);
      assertThat(statusNow(dispatcher, 2)).isEqualTo(DELIVERED);
    }
  }

  @Test
  void anEventWithoutAReferenceIsAboutNoneOfThem() {
    try (vendor;
        NotificationDispatcher dispatcher = dispatcher()) {
      sendTogether(dispatcher, "jane@example.org", "jane@example.org");

      WebhookAnswer answer = tell(dispatcher, event("bounce", "jane@example.org", ""));

      assertThat(answer.recorded()).isZero();
      assertThat(statusNow(dispatcher, 0)).isEqualTo(SENT);
      assertThat(statusNow(dispatcher, 1)).isEqualTo(SENT);
    }
  }

  private static String event(String event, String address, String reference) {
    return "{'event':'%s','email':'%s','timestamp':%d,'sg_message_id':'M1.recvd-2','notify_reference':'%s'}"
        .formatted(event, address, SendGridWebhookTest.NOW.getEpochSecond(), reference);
  }

  private static WebhookAnswer tell(NotificationDispatcher dispatcher, String... events) {
    byte[] body = Reports.bytes(Reports.json("[" + String.join(",", events) + "]"));
    return dispatcher
        .webhook(SendGridWebhookTest.webhook())
        .handle(Reports.lists(SendGridWebhookTest.signature(SendGridWebhookTest.NOW, body)), body);
  }
}
