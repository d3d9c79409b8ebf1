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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Vonage tells by its callbacks, and what only pretends to come from it. */
class VonageWebhookTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant THEN = Instant.parse("2026-03-02T11:59:58Z");
  private static final String SECRET = "hush-hush-signature-secret";

  private final VonageWebhook webhook =
      VonageWebhook.builder().signatureSecret(SECRET).clock(InstantSource.fixed(NOW)).build();

  private static WebhookRequest signed(String body) {
    return request("Bearer " + token(SECRET, NOW, body), body);
  }

  private static WebhookRequest request(String authorization, String body) {
    return WebhookRequest.of(
        Map.of(
            "authorization", List.of(authorization), "content-type", List.of("application/json")),
        body.getBytes(UTF_8));
  }

  private static String token(String secret, Instant at, String body) {
    return Tokens.hs256(
        secret,
        """
        {"iat":%d,"jti":"c5ba8f24","iss":"Vonage","payload_hash":"%s","api_key":"a1b2c3d"}"""
            .formatted(at.getEpochSecond(), Tokens.sha256(body)));
  }

  private static String status(String status, String error) {
    return """
        {"message_uuid": "uuid-1", "to": "14155550142", "from": "15550100", "channel": "sms",
         "timestamp": "2026-03-02T11:59:58.000Z", "status": "%s", "client_ref": "r-1"%s}"""
        .formatted(status, error);
  }

  @ParameterizedTest
  @CsvSource({
    "delivered, , DELIVERED, delivered",
    "read, , READ, read",
    "rejected, 1190, BOUNCED, rejected (error 1190)",
    "rejected, 1170, BOUNCED, rejected (error 1170)",
    "undeliverable, 1430, BOUNCED, undeliverable (error 1430)",
    "rejected, 1240, UNSUBSCRIBED, rejected (error 1240)",
    "rejected, 1210, UNDELIVERED, rejected (error 1210)",
    "undeliverable, , UNDELIVERED, undeliverable",
  })
  void aStatusBecomesAnEvent(String status, String code, Type type, String cause) {
    String error =
        code == null
            ? ""
            : ", \"error\": {\"type\": \"https://developer.vonage.com/api-errors/messages#%s\"}"
                .formatted(code);

    assertThat(webhook.read(signed(status(status, error))).events())
        .containsExactly(
            new ProviderEvent("vonage", "uuid-1", type, THEN, cause)
                .withReference(Optional.of("r-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1240", "\"1240\""})
  void theCodeIsReadFromTheTitleWhereTheTypeHasNone(String title) {
    String report = status("rejected", ", \"error\": {\"title\": " + title + "}");

    assertThat(webhook.read(signed(report)).events())
        .extracting(ProviderEvent::type)
        .containsExactly(Type.UNSUBSCRIBED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"submitted", "newer-word"})
  void aStatusThatSaysNothingNewIsLeftOut(String status) {
    assertThat(webhook.read(signed(status(status, "")))).isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void withoutAMomentItIsNowAndKnownByItsTypeAlone() {
    String report =
        """
        {"message_uuid": "uuid-1", "channel": "sms", "status": "read"}""";

    assertThat(webhook.read(signed(report)).events())
        .containsExactly(new ProviderEvent("vonage", "uuid-1", Type.READ, NOW, "read").undated());
  }

  private static String inbound(String channel, String text) {
    return """
        {"message_uuid": "uuid-2", "to": "15550100", "from": "14155550142", "channel": "%s",
         "timestamp": "2026-03-02T11:59:58Z", "message_type": "text", "text": "%s"}"""
        .formatted(channel, text);
  }

  @ParameterizedTest
  @CsvSource({"STOP, STOPPED", "' stop. ', STOPPED", "START, RESUMED"})
  void aPersonsWordIsHeard(String text, AddressEvent.Type type) {
    assertThat(webhook.read(signed(inbound("sms", text))).addresses())
        .containsExactly(
            new AddressEvent("vonage", Address.sms("+14155550142"), type, THEN, "answered by SMS")
                .withId(Optional.of("uuid-2")));
  }

  @Test
  void otherWordsAndOtherChannelsAreNone() {
    assertThat(webhook.read(signed(inbound("sms", "please do not stop"))))
        .isEqualTo(WebhookReport.EMPTY);
    assertThat(webhook.read(signed(inbound("whatsapp", "STOP")))).isEqualTo(WebhookReport.EMPTY);
    assertThat(webhook.read(signed("[]"))).isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void whatIsForgedIsRefusedBeforeItIsRead() {
    String body = status("delivered", "");

    refused(Why.FORGED, request("Bearer " + token("another", NOW, body), body));
    refused(Why.FORGED, request("Bearer " + token(SECRET, NOW, body), body + " "));
    refused(Why.FORGED, request("Basic abc", body));
    refused(Why.FORGED, request("Bearer ", body));
    refused(Why.FORGED, request("Bearer " + Tokens.hs256(SECRET, "{\"iat\":1}"), body));
    refused(Why.FORGED, WebhookRequest.of(Map.of(), body.getBytes(UTF_8)));
  }

  @Test
  void whatIsOldIsRefused() {
    String body = status("delivered", "");

    refused(Why.STALE, request("Bearer " + token(SECRET, NOW.minusSeconds(301), body), body));
    refused(Why.STALE, request("Bearer " + token(SECRET, NOW.plusSeconds(301), body), body));
    assertThat(
            webhook
                .read(request("bearer " + token(SECRET, NOW.minusSeconds(300), body), body))
                .events())
        .hasSize(1);
  }

  @Test
  void whatIsNoJsonIsRefused() {
    refused(Why.MALFORMED, signed("{\"status\":"));
  }

  private void refused(Why why, WebhookRequest request) {
    assertThatThrownBy(() -> webhook.read(request))
        .isInstanceOfSatisfying(
            WebhookRefusedException.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  @Test
  void itNeedsTheSignatureSecretAndDoesNotShowIt() {
    assertThatThrownBy(() -> VonageWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("signatureSecret: must be set");
    assertThatThrownBy(() -> VonageWebhook.builder().signatureSecret("hush hush"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("signatureSecret: must be the signature secret, without spaces");
    assertThat(webhook).hasToString("VonageWebhook[vonage]");
  }
}
