package dev.notify.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.http.WebhookProof;
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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Twilio tells by its callbacks, and what only pretends to come from it. */
class TwilioWebhookTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final String URL = "https://shop.example.com/hooks/twilio?notify-reference=r-1";

  private final TwilioWebhook webhook =
      TwilioWebhook.builder().authToken(TOKEN).clock(InstantSource.fixed(NOW)).build();

  private static WebhookRequest request(String url, String signature, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return WebhookRequest.of(
            Map.of(
                "x-twilio-signature",
                List.of(signature),
                "content-type",
                List.of("application/x-www-form-urlencoded; charset=UTF-8")),
            body.getBytes(StandardCharsets.UTF_8))
        .at(url);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static WebhookRequest signed(Map<String, String> form) {
    StringBuilder text = new StringBuilder(URL);
    new TreeMap<>(form).forEach((name, value) -> text.append(name).append(value));
    byte[] hash =
        WebhookProof.hmac(
            "HmacSHA1",
            TOKEN.getBytes(StandardCharsets.UTF_8),
            text.toString().getBytes(StandardCharsets.UTF_8));
    return request(URL, Base64.getEncoder().encodeToString(hash), form);
  }

  @Test
  void theExampleOfTwiliosDocumentationIsBelieved() {
    TwilioWebhook documented = TwilioWebhook.builder().authToken("12345").build();
    Map<String, String> form =
        Map.of(
            "CallSid", "CA1234567890ABCDE",
            "Caller", "+14158675309",
            "Digits", "1234",
            "From", "+14158675309",
            "To", "+18005551212");
    String url = "https://mycompany.com/myapp.php?foo=1&bar=2";

    assertThat(documented.read(request(url, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", form)))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "delivered, '', DELIVERED, delivered",
    "read, '', READ, read",
    "undelivered, 30003, UNDELIVERED, undelivered (error 30003)",
    "undelivered, 30005, BOUNCED, undelivered (error 30005)",
    "undelivered, 30006, BOUNCED, undelivered (error 30006)",
    "failed, 21610, UNSUBSCRIBED, failed (error 21610)",
    "failed, 30008, UNDELIVERED, failed (error 30008)",
    "failed, '<x>', UNDELIVERED, failed",
  })
  void aStatusBecomesAnEvent(String status, String code, Type type, String cause) {
    WebhookReport report =
        webhook.read(
            signed(Map.of("MessageSid", "SM1", "MessageStatus", status, "ErrorCode", code)));

    assertThat(report.events())
        .containsExactly(
            new ProviderEvent("twilio", "SM1", type, NOW, cause)
                .undated()
                .withReference(Optional.of("r-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "sending", "sent", "accepted", "canceled", "newer-word"})
  void aStatusThatSaysNothingNewIsLeftOut(String status) {
    assertThat(webhook.read(signed(Map.of("MessageSid", "SM1", "MessageStatus", status))))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, , STOPPED",
    " stop. , , STOPPED",
    "Unsubscribe, , STOPPED",
    "arret, STOP, STOPPED",
    "START, , RESUMED",
    "si, START, RESUMED",
  })
  void aPersonsWordIsHeard(String body, String verdict, AddressEvent.Type type) {
    Map<String, String> form =
        new TreeMap<>(Map.of("MessageSid", "SM2", "From", "+14155550100", "Body", body));
    if (verdict != null) {
      form.put("OptOutType", verdict);
    }

    assertThat(webhook.read(signed(form)).addresses())
        .containsExactly(
            new AddressEvent("twilio", Address.sms("+14155550100"), type, NOW, "answered by SMS")
                .withId(Optional.of("SM2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"please do not stop", "stopping by at 5", "HELP", ""})
  void otherWordsAreNone(String body) {
    assertThat(webhook.read(signed(Map.of("From", "+14155550100", "Body", body))))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void whatIsForgedIsRefusedBeforeItIsRead() {
    Map<String, String> form = Map.of("MessageSid", "SM1", "MessageStatus", "delivered");
    WebhookRequest real = signed(form);
    String signature = real.header("X-Twilio-Signature").orElseThrow();

    refused(Why.FORGED, request(URL, "AAAA", form));
    refused(Why.FORGED, request(URL, "not base64!", form));
    refused(Why.FORGED, request(URL + "&more=1", signature, form));
    refused(Why.FORGED, request(URL, signature, Map.of("MessageSid", "SM2")));
    refused(Why.FORGED, WebhookRequest.of(Map.of(), real.body()).at(URL));
    refused(Why.FORGED, WebhookRequest.of(Map.of(), real.body()));
  }

  @Test
  void aBrokenFormIsRefused() {
    byte[] body = "MessageSid=%zz".getBytes(StandardCharsets.UTF_8);
    WebhookRequest broken =
        WebhookRequest.of(
                Map.of(
                    "X-Twilio-Signature",
                    List.of("AAAA"),
                    "Content-Type",
                    List.of("application/x-www-form-urlencoded")),
                body)
            .at(URL);

    refused(Why.MALFORMED, broken);
  }

  private void refused(Why why, WebhookRequest request) {
    assertThatThrownBy(() -> webhook.read(request))
        .isInstanceOfSatisfying(
            WebhookRefusedException.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  @Test
  void itNeedsTheAccountsTokenAndDoesNotShowIt() {
    assertThatThrownBy(() -> TwilioWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("authToken");
    assertThat(webhook).hasToString("TwilioWebhook[twilio]");
  }
}
