package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.WebhookAnswer;
import dev.notify.WebhookHandler;
import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom Mailgun's events are about when several mails went in one request, under one id. */
class MailgunEventsTest {

  private static final String ID = "20111114174239.25659.5817@mg.example.com";
  private static final String KEY = "example-webhook-signing-key";

  private final HttpStandIn mailgun = HttpStandIn.answering(MailgunProviderTest.TAKEN);
  private final List<SendReceipt> receipts = new ArrayList<>();
  private final NotificationDispatcher dispatcher =
      NotificationDispatcher.builder()
          .provider(
              HttpMailFixture.settings(
                      MailgunProvider.builder()
                          .domain("mg.example.com")
                          .apiKey(HttpMailFixture.SECRET),
                      mailgun)
                  .build())
          .executor(Runnable::run)
          .inFlight(1)
          .build();
  private int tokens;
  private final WebhookHandler webhook =
      dispatcher.webhook(MailgunWebhook.builder().signingKey(KEY).build());

  /** Two are sent while a call is under way, so they share the next. */
  @BeforeEach
  void twoShareARequest() {
    mailgun.answer(
        request -> {
          if (mailgun.requests().size() > 1) {
            return MailgunProviderTest.TAKEN;
          }
          receipts.add(send("ann@example.org"));
          receipts.add(send("bob@example.org"));
          return Response.json(200, "{\"id\":\"<alone@mg.example.com>\"}");
        });
    send("first@example.org");
    assertThat(mailgun.requests()).hasSize(2);
    assertThat(mailgun.requests().get(1).target()).isEqualTo("/v3/mg.example.com/messages");
  }

  @AfterEach
  void close() {
    dispatcher.close();
    mailgun.close();
  }

  private SendReceipt send(String address) {
    return dispatcher.send(
        Notification.to(Address.email(address))
            .title("Your parcel")
            .body("It is on its way.")
            .channels(Channel.EMAIL)
            .build());
  }

  private Delivery delivery(int number) {
    return dispatcher.status(receipts.get(number).id()).orElseThrow().deliveries().get(0);
  }

  private WebhookAnswer told(String event, String recipient, String variables) {
    Instant now = Instant.now();
    String time = "" + now.getEpochSecond();
    String token = "token-" + ++tokens;
    byte[] hash = WebhookProof.hmac("HmacSHA256", Reports.bytes(KEY), Reports.bytes(time + token));
    String json =
        Reports.json(
            """
            {'signature':{'timestamp':'%1$s','token':'%7$s','signature':'%2$s'},'event-data':{
              'event':'%3$s','severity':'permanent','delivery-status':{'enhanced-code':'5.1.1'},
              'recipient':'%4$s','timestamp':%1$s,
              'message':{'headers':{'message-id':'%5$s'}},'user-variables':{%6$s}}}"""
                .formatted(
                    time, HexFormat.of().formatHex(hash), event, recipient, ID, variables, token));
    return webhook.handle(Map.of(), Reports.bytes(json));
  }

  private String reference(int number) {
    return "'notify_reference':'" + delivery(number).id() + "'";
  }

  @Test
  void eachEventFindsTheDeliveryOfItsReference() {
    assertThat(told("delivered", "bob@example.org", reference(1)).recorded()).isEqualTo(1);
    assertThat(told("failed", "ann@example.org", reference(0)).recorded()).isEqualTo(1);

    assertThat(delivery(0).status()).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(delivery(1).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void anEventWithoutAReferenceIsAboutNobody() {
    for (String variables : List.of("", "'notify_reference':'%recipient.reference%'")) {
      assertThat(told("failed", "ann@example.org", variables).unknown()).isEqualTo(1);
    }

    assertThat(delivery(0).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(delivery(1).status()).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void anEventAboutAnotherRecipientThanTheReferencesIsAboutNobody() {
    assertThat(told("failed", "ann@example.org", reference(1)).unknown()).isEqualTo(1);

    assertThat(delivery(1).status()).isEqualTo(DeliveryStatus.SENT);
  }
}
