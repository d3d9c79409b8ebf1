package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.http.WebhookProof;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Resend tells by its webhooks, and what only pretends to come from it. */
class ResendWebhookTest {

  // The example in the libraries of Svix, which delivers for Resend.
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIME = "1614265330";
  private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);
  private static final byte[] BODY = Reports.bytes("{\"test\": 2432232314}");
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static final String COMMON =
      "'email_id':'m-1','to':['Jane <jane@example.org>'],'tags':{'notify_reference':'r-1'}";

  private final ResendWebhook webhook =
      ResendWebhook.builder().signingSecret(SECRET).clock(InstantSource.fixed(NOW)).build();

  private static WebhookRequest request(String id, String time, String signature, byte[] body) {
    return Reports.request(
        body, Map.of("svix-id", id, "svix-timestamp", time, "svix-signature", signature));
  }

  private static WebhookRequest signed(Instant at, byte[] body) {
    String time = "" + at.getEpochSecond();
    byte[] head = Reports.bytes(ID + "." + time + ".");
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
    byte[] hash = WebhookProof.hmac("HmacSHA256", key, all);
    return request(ID, time, "v1," + Base64.getEncoder().encodeToString(hash), body);
  }

  private static WebhookRequest signed(String type, String data) {
    return signed(
        NOW,
        Reports.bytes(
            Reports.json(
                "{'type':'"
                    + type
                    + "','created_at':'2021-02-25T15:02:10.823Z','data':{"
                    + data
                    + "}}")));
  }

  @Test
  void thePublishedExampleIsBelieved() {
    assertThat(webhook.read(request(ID, TIME, SIGNATURE, BODY))).isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void theNamesOfStandardWebhooksWillDoToo() {
    WebhookRequest standard =
        Reports.request(
            BODY,
            Map.of("webhook-id", ID, "webhook-timestamp", TIME, "webhook-signature", SIGNATURE));

    assertThat(webhook.read(standard)).isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1,AAAA ", "v1,no_base64 ", "v2,AAAA ", "v1a,AAAA ", " "})
  void whileASecretIsExchangedOneOfTheSignaturesIsEnough(String other) {
    assertThat(webhook.read(request(ID, TIME, other + SIGNATURE, BODY)))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "email.delivered; ; DELIVERED; email.delivered",
        "email.opened; ; OPENED; email.opened",
        "email.clicked; ; CLICKED; email.clicked",
        "email.complained; ; COMPLAINED; email.complained",
        "email.suppressed; ; BOUNCED; email.suppressed",
        "email.failed; ; UNDELIVERED; email.failed",
        "email.bounced; 'type':'Permanent','subType':'General'; BOUNCED; email.bounced Permanent General",
        "email.bounced; 'type':'Permanent','subType':'Suppressed'; BOUNCED; email.bounced Permanent Suppressed",
        "email.bounced; 'type':'Transient','subType':'MailboxFull'; UNDELIVERED; email.bounced Transient MailboxFull",
        "email.bounced; 'message':'jane@example.org is gone'; UNDELIVERED; email.bounced",
      })
  void whatHappenedBecomesAnEvent(String type, String bounce, Type expected, String cause) {
    String data = COMMON + (bounce == null ? "" : ",'bounce':{" + bounce + "}");

    assertThat(webhook.read(signed(type, data)).events())
        .containsExactly(
            new ProviderEvent(
                    "resend", "m-1", expected, Instant.parse("2021-02-25T15:02:10.823Z"), cause)
                .withReference(Optional.of("r-1"))
                .about(Optional.of("jane@example.org")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "email.sent",
        "email.scheduled",
        "email.delivery_delayed",
        "email.received",
        "contact.updated",
        "newer-word",
        "",
      })
  void whatSaysNothingNewIsLeftOut(String type) {
    assertThat(webhook.read(signed(type, COMMON))).isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void ofSeveralRecipientsItDoesNotSayWhich() {
    String data = "'email_id':'m-1','to':['jane@example.org','joe@example.org']";

    assertThat(webhook.read(signed("email.opened", data)).events())
        .extracting(ProviderEvent::recipient, ProviderEvent::reference)
        .containsExactly(tuple(Optional.empty(), Optional.empty()));
  }

  @Test
  void recipientsThatAreNoListAreNobody() {
    String data = "'email_id':'m-1','to':{'0':'jane@example.org'}";

    assertThat(webhook.read(signed("email.opened", data)).events())
        .extracting(ProviderEvent::recipient)
        .containsExactly(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+999999999-12-31T23:59:59-18:00",
        "-999999999-01-01T00:00:00+18:00",
        "+10000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z"
      })
  void whatHappenedInNoAgeOfOursIsRefused(String moment) {
    String report = Reports.json("{'type':'email.opened','created_at':'" + moment + "','data':{}}");

    Reports.refused(webhook, Why.MALFORMED, signed(NOW, Reports.bytes(report)));
  }

  @Test
  void whatIsForgedIsRefused() {
    Reports.refused(webhook, Why.FORGED, request(ID, TIME, SIGNATURE, Reports.bytes("{}")));
    Reports.refused(webhook, Why.FORGED, request(ID + "x", TIME, SIGNATURE, BODY));
    Reports.refused(webhook, Why.FORGED, request(ID, "1614265331", SIGNATURE, BODY));
    Reports.refused(webhook, Why.FORGED, request(ID, TIME, "v1,AAAA", BODY));
    Reports.refused(webhook, Why.FORGED, request(ID, TIME, "v1,", BODY));
    Reports.refused(webhook, Why.FORGED, request(ID, TIME, "", BODY));
    Reports.refused(webhook, Why.FORGED, request(ID, TIME, SIGNATURE.replace("v1,", "v2,"), BODY));
    Reports.refused(webhook, Why.FORGED, Reports.request(BODY, Map.of()));
  }

  @Test
  void aReportIsBelievedForFiveMinutes() {
    assertThat(webhook.read(signed(NOW.minus(Duration.ofMinutes(4)), BODY)))
        .isEqualTo(WebhookReport.EMPTY);
    Reports.refused(webhook, Why.STALE, signed(NOW.minus(Duration.ofMinutes(6)), BODY));
    Reports.refused(webhook, Why.STALE, signed(NOW.plus(Duration.ofMinutes(6)), BODY));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (byte[] body : Reports.SENSELESS) {
      Reports.refused(webhook, Why.MALFORMED, signed(NOW, body));
    }
    Reports.refused(
        webhook, Why.MALFORMED, signed(NOW, Reports.bytes("{\"type\":\"email.opened\"}")));
  }

  @Test
  void itNeedsTheSigningSecretAndDoesNotShowIt() {
    assertThatThrownBy(() -> ResendWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("signingSecret");
    for (String wrong : new String[] {"", "whsec_", "whsec_no base64!"}) {
      assertThatThrownBy(() -> ResendWebhook.builder().signingSecret(wrong))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("signingSecret");
    }
    assertThat(webhook).hasToString("ResendWebhook[resend]");
  }
}
