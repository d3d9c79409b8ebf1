package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Plivo tells by its callbacks, and what only pretends to come from it. */
class PlivoWebhookTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final String TOKEN = "hush-hush-token";
  private static final String NONCE = "05429567804466091622";
  private static final String BASE = "https://shop.example.com/hooks/plivo";
  private static final String URL = BASE + "?notify-reference=r-1";

  private final PlivoWebhook webhook =
      PlivoWebhook.builder().authToken(TOKEN).clock(InstantSource.fixed(NOW)).build();

  private static WebhookRequest request(
      String url, String header, String signature, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    Map<String, List<String>> headers = new HashMap<>();
    headers.put(header, List.of(signature));
    headers.put("X-Plivo-Signature-V3-Nonce", List.of(NONCE));
    if (!form.isEmpty()) {
      headers.put("Content-Type", List.of("application/x-www-form-urlencoded"));
    }
    return WebhookRequest.of(headers, body.getBytes(UTF_8)).at(url);
  }

  private static String signature(String signed) {
    return Base64.getEncoder()
        .encodeToString(
            WebhookProof.hmac("HmacSHA256", TOKEN.getBytes(UTF_8), signed.getBytes(UTF_8)));
  }

  private static WebhookRequest signed(Map<String, String> form) {
    StringBuilder fields = new StringBuilder();
    new TreeMap<>(form).forEach((name, value) -> fields.append(name).append(value));
    return request(URL, "X-Plivo-Signature-V3", signature(URL + "." + fields + "." + NONCE), form);
  }

  /** The signature was computed apart from this code, by the steps of Plivo's SDK for Python. */
  @Test
  void whatIsSignedByTheStepsOfPlivosSdkIsBelieved() {
    Map<String, String> form = new TreeMap<>(REFERENCE_FORM);

    WebhookReport report =
        webhook.read(
            request(
                BASE + "?z=2&notify-reference=r-1&a=x%20y",
                "X-Plivo-Signature-V3",
                REFERENCE_SIGNATURE,
                form));

    assertThat(report.events())
        .extracting(ProviderEvent::reference)
        .containsExactly(Optional.of("r-1"));
  }

  private static final Map<String, String> REFERENCE_FORM =
      Map.of("Status", "delivered", "MessageUUID", "uuid-1", "To", "14155550142", "Empty", "");
  private static final String REFERENCE_SIGNATURE = "LAZX/k+BH07/nMwHqVzbRgVL3RS3R4niUqBvZIGOyrY=";

  @ParameterizedTest
  @CsvSource({
    "delivered, '', DELIVERED, delivered",
    "read, '', READ, read",
    "undelivered, 50, BOUNCED, undelivered (error 50)",
    "undelivered, 70, BOUNCED, undelivered (error 70)",
    "failed, 200, UNSUBSCRIBED, failed (error 200)",
    "undelivered, 30, UNDELIVERED, undelivered (error 30)",
    "failed, 420, UNDELIVERED, failed (error 420)",
    "failed, 450, UNDELIVERED, failed (error 450)",
    "rejected, 900, UNDELIVERED, rejected (error 900)",
    "failed, '<x>', UNDELIVERED, failed",
  })
  void aStatusBecomesAnEvent(String status, String code, Type type, String cause) {
    WebhookReport report =
        webhook.read(signed(Map.of("MessageUUID", "u-1", "Status", status, "ErrorCode", code)));

    assertThat(report.events())
        .containsExactly(
            new ProviderEvent("plivo", "u-1", type, NOW, cause)
                .undated()
                .withReference(Optional.of("r-1")));
  }

  @ParameterizedTest
  @CsvSource({"14155550142, +14155550142", "+14155550142, +14155550142", "Shop,", "'',"})
  void withoutOurReferenceItIsAboutTheNumberThatItNames(String to, String number) {
    Map<String, String> form = Map.of("MessageUUID", "u-1", "Status", "delivered", "To", to);
    String fields = "MessageUUIDu-1StatusdeliveredTo" + to;

    WebhookReport report =
        webhook.read(
            request(
                BASE, "X-Plivo-Signature-V3", signature(BASE + "?" + fields + "." + NONCE), form));

    assertThat(report.events())
        .containsExactly(
            new ProviderEvent("plivo", "u-1", Type.DELIVERED, NOW, "delivered")
                .undated()
                .about(Optional.ofNullable(number)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "sent", "newer-word"})
  void aStatusThatSaysNothingNewIsLeftOut(String status) {
    assertThat(webhook.read(signed(Map.of("MessageUUID", "u-1", "Status", status))))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({"STOP, STOPPED", "' unsubscribe ', STOPPED", "START, RESUMED"})
  void aPersonsWordIsHeard(String text, AddressEvent.Type type) {
    assertThat(
            webhook
                .read(signed(Map.of("MessageUUID", "u-2", "From", "14155550142", "Text", text)))
                .addresses())
        .containsExactly(
            new AddressEvent("plivo", Address.sms("+14155550142"), type, NOW, "answered by SMS")
                .withId(Optional.of("u-2")));
  }

  @Test
  void otherWordsAreNone() {
    assertThat(webhook.read(signed(Map.of("From", "14155550142", "Text", "do not stop"))))
        .isEqualTo(WebhookReport.EMPTY);
    assertThat(webhook.read(signed(Map.of("From", "Shop", "Text", "STOP"))))
        .isEqualTo(WebhookReport.EMPTY);
  }

  @Test
  void aCallbackByGetHasItsFieldsInTheAddress() {
    String query = "From=14155550142&Text=STOP&To=15550100";

    WebhookReport report =
        webhook.read(
            request(
                BASE + "?" + query,
                "X-Plivo-Signature-V3",
                signature(BASE + "?" + query + "." + NONCE),
                Map.of()));

    assertThat(report.addresses())
        .extracting(AddressEvent::type)
        .containsExactly(AddressEvent.Type.STOPPED);
  }

  @Test
  void oneOfSeveralSignaturesIsEnoughUnderEitherHeader() {
    Map<String, String> form = Map.of("Status", "delivered", "MessageUUID", "u-1");
    String right = signature(URL + ".MessageUUIDu-1Statusdelivered." + NONCE);

    assertThat(
            webhook.read(request(URL, "X-Plivo-Signature-Ma-V3", "AAAA," + right, form)).events())
        .hasSize(1);
  }

  @Test
  void whatIsForgedIsRefusedBeforeItIsRead() {
    Map<String, String> form = Map.of("Status", "delivered", "MessageUUID", "u-1");
    WebhookRequest real = signed(form);
    String header = "X-Plivo-Signature-V3";
    String signature = real.header(header).orElseThrow();

    refused(request(URL, header, "AAAA", form));
    refused(request(URL, header, "not base64!", form));
    refused(request(URL, header, ",", form));
    refused(request(URL + "&more=1", header, signature, form));
    refused(request(URL, header, signature, Map.of("Status", "delivered", "MessageUUID", "u-2")));
    refused(WebhookRequest.of(Map.of(header, List.of(signature)), real.body()).at(URL));
    refused(
        WebhookRequest.of(
                Map.of(
                    header, List.of(signature), "X-Plivo-Signature-V3-Nonce", List.of(NONCE + "1")),
                real.body())
            .at(URL));
    refused(WebhookRequest.of(Map.of(), real.body()));
  }

  @Test
  void theOlderSignatureIsNotTakenSinceItDoesNotCoverTheBody() {
    refused(
        request(
            BASE,
            "X-Plivo-Signature-V2",
            signature(BASE + NONCE),
            Map.of("Status", "delivered", "MessageUUID", "u-1")));
  }

  private void refused(WebhookRequest request) {
    assertThatThrownBy(() -> webhook.read(request))
        .isInstanceOfSatisfying(
            WebhookRefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.FORGED));
  }

  @Test
  void itNeedsTheAccountsTokenAndDoesNotShowIt() {
    assertThatThrownBy(() -> PlivoWebhook.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("authToken: must be set");
    assertThat(webhook).hasToString("PlivoWebhook[plivo]");
  }
}
