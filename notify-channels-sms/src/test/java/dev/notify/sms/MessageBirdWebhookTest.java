package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.WebhookRequest;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MessageBird tells by its webhooks, and what only pretends to come from it. */
class MessageBirdWebhookTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant THEN = Instant.parse("2026-03-02T11:59:58Z");
  private static final String KEY = "hush-hush-signing-key";
  private static final String URL = "https://shop.example.com/hooks/bird";

  private final MessageBirdWebhook webhook =
      MessageBirdWebhook.builder().signingKey(KEY).clock(InstantSource.fixed(NOW)).build();

  private static String claims(String issuer, Instant from, String url, String body) {
    String payload = body.isEmpty() ? "" : ",\"payload_hash\":\"" + Tokens.sha256(body) + "\"";
    return """
        {"iss":"%s","nbf":%d,"exp":%d,"jti":"bb76e8a1","url_hash":"%s"%s}"""
        .formatted(
            issuer,
            from.getEpochSecond(),
            from.plusSeconds(60).getEpochSecond(),
            Tokens.sha256(url),
            payload);
  }

  private static WebhookRequest request(String token, String url, String body) {
    return WebhookRequest.of(
            Map.of(
                "messagebird-signature-jwt",
                List.of(token),
                "content-type",
                List.of(body.isEmpty() ? "" : "application/x-www-form-urlencoded")),
            body.getBytes(UTF_8))
        .at(url);
  }

  private static WebhookRequest signed(String url, String body) {
    return request(Tokens.hs256(KEY, claims("MessageBird", NOW, url, body)), url, body);
  }

  private static WebhookRequest report(String status, String code, String reason) {
    return signed(
        URL
            + "?id=mb-1&reference=r-1&recipient=14155550142&status="
            + status
            + "&statusErrorCode="
            + URLEncoder.encode(code, UTF_8)
            + "&statusReason="
            + URLEncoder.encode(reason, UTF_8)
            + "&statusDatetime=2026-03-02T11%3A59%3A58%2B00%3A00",
        "");
  }

  @ParameterizedTest
  @CsvSource({
    "delivered, '', successfully delivered, DELIVERED, delivered",
    "delivery_failed, 1, unknown subscriber, BOUNCED, delivery_failed (error 1)",
    "delivery_failed, '', unknown subscriber, BOUNCED, delivery_failed",
    "delivery_failed, 0, incorrect number, BOUNCED, delivery_failed",
    "delivery_failed, 103, opted out, UNSUBSCRIBED, delivery_failed (error 103)",
    "delivery_failed, '', opted out, UNSUBSCRIBED, delivery_failed",
    "delivery_failed, 27, unavailable subscriber, UNDELIVERED, delivery_failed (error 27)",
    "delivery_failed, '<x>', carrier rejected, UNDELIVERED, delivery_failed",
    "expired, '', expired, UNDELIVERED, expired",
  })
  void aStatusBecomesAnEvent(String status, String code, String reason, Type type, String cause) {
    assertThat(webhook.read(report(status, code, reason)).events())
        .containsExactly(
            new ProviderEvent("messagebird", "mb-1", type, THEN, cause)
                .withReference(Optional.of("r-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduled", "sent", "buffered", "newer-word"})
  void aStatusThatSaysNothingNewIsLeftOut(String status) {
    assertThat(webhook.read(report(status, "", ""))).isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-02T11:59:58+00:00", "2026-03-02T11%3A59%3A58Z"})
  void theMomentMayBeEscapedOrNot(String moment) {
    assertThat(
            webhook
                .read(signed(URL + "?id=1&status=delivered&statusDatetime=" + moment, ""))
                .events())
        .containsExactly(new ProviderEvent("messagebird", "1", Type.DELIVERED, THEN, "delivered"));
  }

  @Test
  void withoutAMomentItIsNowAndKnownByItsTypeAlone() {
    assertThat(webhook.read(signed(URL + "?id=1&status=delivered", "")).events())
        .containsExactly(
            new ProviderEvent("messagebird", "1", Type.DELIVERED, NOW, "delivered").undated());
  }

  @ParameterizedTest
  @CsvSource({
    "body=STOP, STOPPED",
    "body=+stop.+, STOPPED",
    "message=STOP&shortcode=1008, STOPPED",
    "body=START, RESUMED",
  })
  void aPersonsWordIsHeard(String text, AddressEvent.Type type) {
    String body =
        "id=mb-2&originator=14155550142&recipient=15550100&"
            + "createdDatetime=2026-03-02T11%3A59%3A58%2B00%3A00&"
            + text;

    assertThat(webhook.read(signed(URL, body)).addresses())
        .containsExactly(
            new AddressEvent(
                    "messagebird", Address.sms("+14155550142"), type, THEN, "answered by SMS")
                .withId(Optional.of("mb-2")));
  }

  @Test
  void otherWordsAreNone() {
    assertThat(webhook.read(signed(URL, "originator=14155550142&body=do+not+stop")))
        .isEqualTo(WebhookReport.EMPTY);
    assertThat(webhook.read(signed(URL, "originator=Shop&body=STOP")))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void whatIsForgedIsRefusedBeforeItIsRead() {
    String url = URL + "?id=1&status=delivered";
    String body = "originator=14155550142&body=STOP";
    String token = Tokens.hs256(KEY, claims("MessageBird", NOW, URL, body));

    refused(Why.FORGED, request(token, URL, body + "+"));
    refused(Why.FORGED, request(token, URL, ""));
    refused(Why.FORGED, request(token, url, body));
    refused(Why.FORGED, request(Tokens.hs256(KEY, claims("MessageBird", NOW, URL, "")), URL, body));
    refused(
        Why.FORGED,
        request(Tokens.hs256("another", claims("MessageBird", NOW, URL, body)), URL, body));
    refused(Why.FORGED, request(Tokens.hs256(KEY, claims("Somebody", NOW, URL, body)), URL, body));
    refused(Why.FORGED, WebhookRequest.of(Map.of(), new byte[0]).at(url));
    refused(
        Why.FORGED,
        WebhookRequest.of(
            Map.of("MessageBird-Signature-JWT", List.of(token)), body.getBytes(UTF_8)));
  }

  @Test
  void aTokenOfAnotherTimeIsRefused() {
    String url = URL + "?id=1&status=delivered";

    refused(Why.STALE, at(NOW.minusSeconds(121), url));
    refused(Why.STALE, at(NOW.plusSeconds(61), url));
    assertThat(webhook.read(at(NOW.minusSeconds(120), url)).events()).hasSize(1);
    assertThat(webhook.read(at(NOW.plusSeconds(60), url)).events()).hasSize(1);
  }

  @Test
  void aTokenFromOrUntilTheEndsOfTimeIsRefusedOrBelieved() {
    String url = URL + "?id=1&status=delivered";
    String always =
        """
        {"iss":"MessageBird","nbf":%d,"exp":%d,"url_hash":"%s"}"""
            .formatted(
                Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond(), Tokens.sha256(url));
    String never =
        """
        {"iss":"MessageBird","nbf":%d,"exp":%d,"url_hash":"%s"}"""
            .formatted(
                Instant.MAX.getEpochSecond(), Instant.MIN.getEpochSecond(), Tokens.sha256(url));

    assertThat(webhook.read(request(Tokens.hs256(KEY, always), url, "")).events()).hasSize(1);
    refused(Why.STALE, request(Tokens.hs256(KEY, never), url, ""));
  }

  @Test
  void aMomentOfNoAgeOfOursIsNone() {
    String url = URL + "?id=1&status=delivered&statusDatetime=%2B999999999-12-31T23:59:59-18:00";

    assertThat(webhook.read(at(NOW, url)).events())
        .extracting(ProviderEvent::at)
        .containsExactly(NOW);
  }

  private static WebhookRequest at(Instant from, String url) {
    return request(Tokens.hs256(KEY, claims("MessageBird", from, url, "")), url, "");
  }

  @Test
  void aBrokenEscapeIsRefused() {
    refused(Why.MALFORMED, signed(URL + "?status=%zz", ""));
  }

  private void refused(Why why, WebhookRequest request) {
    assertThatThrownBy(() -> webhook.read(request))
        .isInstanceOfSatisfying(
            WebhookRefusedException.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  @Test
  void itNeedsTheSigningKeyAndDoesNotShowIt() {
    assertThatThrownBy(() -> MessageBirdWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("signingKey: must be set");
    assertThat(webhook).hasToString("MessageBirdWebhook[messagebird]");
  }
}
