package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SendGrid tells by its event webhook, and what only pretends to come from it. */
class SendGridWebhookTest {

  static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant SOON_AFTER = Instant.ofEpochSecond(1_772_452_800);
  private static final KeyPair KEYS = keys();
  private static final String SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature";
  private static final String TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp";
  private static final String COMMON =
      "'email':'jane@example.org','timestamp':1772452800,"
          + "'sg_message_id':'M1.recvd-2','notify_reference':'r-1'";

  // From the tests of SendGrid's own library for Java.
  private static final String PUBLISHED_KEY =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
  private static final String OTHER_KEY =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==";
  private static final String PUBLISHED_SIGNATURE =
      "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=";
  private static final String PUBLISHED_TIME = "1600112502";
  private static final String PUBLISHED_BODY =
      Reports.json(
          "[{'email':'hello@world.com','event':'dropped','reason':'Bounced Address',"
              + "'sg_event_id':'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',"
              + "'sg_message_id':'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',"
              + "'smtp-id':'<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>','timestamp':1600112492}]\r\n");

  private final SendGridWebhook webhook = webhook();

  /** One that believes what is {@link #signature signed} at this time. */
  static SendGridWebhook webhook() {
    return SendGridWebhook.builder()
        .verificationKey(Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded()))
        .clock(InstantSource.fixed(NOW))
        .build();
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SendGridWebhook published(String key, Instant now) {
    return SendGridWebhook.builder().verificationKey(key).clock(InstantSource.fixed(now)).build();
  }

  private static WebhookRequest request(String signature, String time, byte[] body) {
    return Reports.request(body, headers(signature, time));
  }

  private static Map<String, String> headers(String signature, String time) {
    return Map.of(
        SIGNATURE, signature,
        TIMESTAMP, time);
  }

  private static WebhookRequest signed(Instant at, byte[] body) {
    return Reports.request(body, signature(at, body));
  }

  /** The headers by which a report is believed. */
  static Map<String, String> signature(Instant at, byte[] body) {
    try {
      String time = "" + at.getEpochSecond();
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(KEYS.getPrivate());
      signer.update(Reports.bytes(time));
      signer.update(body);
      return headers(Base64.getEncoder().encodeToString(signer.sign()), time);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static WebhookRequest signed(String json) {
    return signed(NOW, Reports.bytes(Reports.json(json)));
  }

  @Test
  void thePublishedExampleIsBelieved() {
    SendGridWebhook published = published(PUBLISHED_KEY, Instant.ofEpochSecond(1_600_112_600));

    assertThat(
            published
                .read(request(PUBLISHED_SIGNATURE, PUBLISHED_TIME, Reports.bytes(PUBLISHED_BODY)))
                .events())
        .containsExactly(
            new ProviderEvent(
                    "sendgrid",
                    "LRzXl_NHStOGhQ4kofSm_A",
                    Type.BOUNCED,
                    Instant.ofEpochSecond(1_600_112_492),
                    "dropped")
                .about(Optional.of("hello@world.com")));
  }

  @Test
  void thePublishedExampleIsForgedToAnotherKeyAndWithoutItsLastBytes() {
    Instant then = Instant.ofEpochSecond(1_600_112_600);
    WebhookRequest real =
        request(PUBLISHED_SIGNATURE, PUBLISHED_TIME, Reports.bytes(PUBLISHED_BODY));

    Reports.refused(published(OTHER_KEY, then), Why.FORGED, real);
    Reports.refused(
        published(PUBLISHED_KEY, then),
        Why.FORGED,
        request(PUBLISHED_SIGNATURE, PUBLISHED_TIME, Reports.bytes(PUBLISHED_BODY.strip())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'event':'delivered'; DELIVERED; delivered",
        "'event':'open'; OPENED; open",
        "'event':'click'; CLICKED; click",
        "'event':'spamreport'; COMPLAINED; spamreport",
        "'event':'unsubscribe'; UNSUBSCRIBED; unsubscribe",
        "'event':'bounce','type':'bounce','status':'5.1.1'; BOUNCED; bounce 5.1.1",
        "'event':'bounce','status':'5.0.0'; BOUNCED; bounce 5.0.0",
        "'event':'bounce','type':'blocked','status':'4.7.1'; UNDELIVERED; bounce 4.7.1",
        "'event':'dropped','reason':'Bounced Address'; BOUNCED; dropped",
        "'event':'dropped','reason':'INVALID'; BOUNCED; dropped",
        "'event':'dropped','reason':'Spam Reporting Address'; COMPLAINED; dropped",
        "'event':'dropped','reason':'Unsubscribed Address'; UNSUBSCRIBED; dropped",
        "'event':'dropped','reason':'Spam Content'; UNDELIVERED; dropped",
      })
  void whatHappenedBecomesAnEvent(String fields, Type type, String cause) {
    WebhookReport report = webhook.read(signed("[{" + COMMON + "," + fields + "}]"));

    assertThat(report.events())
        .containsExactly(
            new ProviderEvent("sendgrid", "M1", type, SOON_AFTER, cause)
                .withReference(Optional.of("r-1"))
                .about(Optional.of("jane@example.org")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"processed", "deferred", "group_unsubscribe", "newer-word", ""})
  void whatSaysNothingNewIsLeftOut(String event) {
    assertThat(webhook.read(signed("[{" + COMMON + ",'event':'" + event + "'}, 12, null]")))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void oneReportTellsOfManyMessages() {
    String other = "{'event':'open','email':'joe@example.org','timestamp':'1772452801'}";

    assertThat(
            webhook.read(signed("[{" + COMMON + ",'event':'delivered'}," + other + "]")).events())
        .extracting(ProviderEvent::providerMessageId, ProviderEvent::type)
        .containsExactly(tuple("M1", Type.DELIVERED), tuple("", Type.OPENED));
  }

  @Test
  void whatIsForgedIsRefused() {
    byte[] body = Reports.bytes("[]");
    WebhookRequest real = signed(NOW, body);
    String signature = real.header(SIGNATURE).orElseThrow();
    String time = real.header(TIMESTAMP).orElseThrow();

    assertThat(webhook.read(real)).isEqualTo(WebhookReport.EMPTY);
    Reports.refused(webhook, Why.FORGED, request(signature, time, Reports.bytes("[1]")));
    Reports.refused(webhook, Why.FORGED, request(signature, time + "0", body));
    Reports.refused(webhook, Why.FORGED, request("AAAA", time, body));
    Reports.refused(webhook, Why.FORGED, request("", time, body));
    Reports.refused(webhook, Why.FORGED, request("no base64!", time, body));
    Reports.refused(webhook, Why.FORGED, Reports.request(body, Map.of(TIMESTAMP, time)));
    Reports.refused(webhook, Why.FORGED, Reports.request(body, Map.of(SIGNATURE, signature)));
  }

  @Test
  void aReportIsBelievedForADay() {
    byte[] body = Reports.bytes("[]");

    assertThat(webhook.read(signed(NOW.minus(Duration.ofHours(24)), body)))
        .isEqualTo(WebhookReport.EMPTY);
    Reports.refused(webhook, Why.STALE, signed(NOW.minus(Duration.ofHours(26)), body));
    Reports.refused(webhook, Why.STALE, signed(NOW.plus(Duration.ofMinutes(6)), body));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (byte[] body : Reports.SENSELESS) {
      Reports.refused(webhook, Why.MALFORMED, signed(NOW, body));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'timestamp':'yesterday'", ",'timestamp':1e99"})
  void anEventWithoutATimeIsToldNowAndKnownByItsTypeAlone(String time) {
    assertThat(
            webhook
                .read(signed("[{'event':'spamreport','sg_message_id':'M1'" + time + "}]"))
                .events())
        .containsExactly(
            new ProviderEvent("sendgrid", "M1", Type.COMPLAINED, NOW, "spamreport").undated());
  }

  @Test
  void anOpenBySomebodysProxyIsMarked() {
    String open = "[{" + COMMON + ",'event':'open','sg_machine_open':";

    assertThat(webhook.read(signed(open + "true}]")).events())
        .allMatch(ProviderEvent::isByMachine)
        .hasSize(1);
    assertThat(webhook.read(signed(open + "false}]")).events())
        .noneMatch(ProviderEvent::isByMachine)
        .hasSize(1);
  }

  @Test
  void itNeedsAKeyOnACurve() {
    assertThatThrownBy(() -> SendGridWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("verificationKey");
    for (String wrong : new String[] {"", "AAAA", "no base64!"}) {
      assertThatThrownBy(() -> SendGridWebhook.builder().verificationKey(wrong))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("verificationKey");
    }
    assertThat(webhook).hasToString("SendGridWebhook[sendgrid]");
  }
}
