package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.WebhookAnswer;
import dev.notify.WebhookHandler;
import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.test.HttpStandIn;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom Plivo's reports are about when several messages went in one call. */
class PlivoReportsTest {

  private static final String URL = "https://shop.example.com/hooks/plivo";

  private final HttpStandIn plivo = HttpStandIn.answering(PlivoFixture::taken);
  private final List<SendReceipt> receipts = new ArrayList<>();
  private final NotificationDispatcher dispatcher =
      NotificationDispatcher.builder()
          .provider(
              PlivoFixture.builder(plivo).from("+15550100").reportUrl(URI.create(URL)).build())
          .executor(Runnable::run)
          .inFlight(1)
          .build();
  private final WebhookHandler webhook =
      dispatcher.webhook(PlivoWebhook.builder().authToken(PlivoFixture.TOKEN).build());

  /** Two are sent while a call is under way, so they share the next. */
  @BeforeEach
  void twoShareACall() {
    plivo.answer(
        request -> {
          if (plivo.requests().size() == 1) {
            receipts.add(send(PlivoFixture.number(101)));
            receipts.add(send(PlivoFixture.number(102)));
          }
          return PlivoFixture.taken(request);
        });
    send(PlivoFixture.number(100));
    assertThat(plivo.requests()).hasSize(2);
    assertThat(plivo.requests().get(1).body())
        .contains("\"14155550101<14155550102\"", "\"url\":\"" + URL + "\"");
  }

  @AfterEach
  void close() {
    dispatcher.close();
    plivo.close();
  }

  private SendReceipt send(Address address) {
    return dispatcher.send(Notification.to(address).body("Hi").channels(Channel.SMS).build());
  }

  private DeliveryStatus status(int number) {
    return dispatcher.status(receipts.get(number).id()).orElseThrow().deliveries().get(0).status();
  }

  private WebhookAnswer told(String id, String status, String to) {
    String fields = "ErrorCode50MessageUUID" + id + "Status" + status + "To" + to;
    byte[] signed = (URL + "?" + fields + ".1").getBytes(UTF_8);
    String signature =
        Base64.getEncoder()
            .encodeToString(
                WebhookProof.hmac("HmacSHA256", PlivoFixture.TOKEN.getBytes(UTF_8), signed));
    return webhook.handle(
        URL,
        Map.of(
            "X-Plivo-Signature-V3", List.of(signature),
            "X-Plivo-Signature-V3-Nonce", List.of("1"),
            "Content-Type", List.of("application/x-www-form-urlencoded")),
        ("ErrorCode=50&MessageUUID=" + id + "&Status=" + status + "&To=" + to).getBytes(UTF_8));
  }

  @Test
  void eachReportFindsTheDeliveryOfItsId() {
    assertThat(told("id-0102", "delivered", "14155550102").recorded()).isEqualTo(1);
    assertThat(told("id-0101", "undelivered", "14155550101").recorded()).isEqualTo(1);

    assertThat(status(0)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(status(1)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aReportAboutAnotherNumberThanTheDeliverysIsAboutNobody() {
    assertThat(told("id-0101", "undelivered", "14155550102").unknown()).isEqualTo(1);

    assertThat(status(0)).isEqualTo(DeliveryStatus.SENT);
    assertThat(status(1)).isEqualTo(DeliveryStatus.SENT);
  }
}
