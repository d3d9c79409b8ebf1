package dev.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wire to receivers and to Slack, and what their answers mean. */
class WireTest {

  private static final Content CONTENT =
      Content.builder()
          .title("Order <1017>")
          .body("is on its way & soon there")
          .link("https://shop.example/1017")
          .image("https://shop.example/1017.png")
          .data("order", "1017")
          .build();

  private final HttpStandIn standIn = HttpStandIn.answering(Response.json(200, "{}"));

  @AfterEach
  void close() {
    standIn.close();
  }

  private OutboundMessage hook() {
    return SampleMessages.to(
        Address.of(WebhookProvider.CHANNEL, standIn.url() + "/hook?a=1"),
        CONTENT,
        Priority.NORMAL,
        SampleMessages.CREATED_AT.plusSeconds(60));
  }

  private WebhookProvider receiver() {
    return WebhookProvider.builder()
        .signingSecret(WebhookContractTest.SECRET)
        .trustedHosts("127.0.0.1")
        .clock(InstantSource.fixed(SampleMessages.CREATED_AT))
        .build();
  }

  private SlackProvider slack() {
    return SlackProvider.builder().botToken(SlackContractTest.TOKEN).baseUrl(standIn.url()).build();
  }

  private static Map<String, String> lower(Map<String, String> headers) {
    return headers.entrySet().stream()
        .collect(
            Collectors.toMap(
                field -> field.getKey().toLowerCase(Locale.ROOT),
                Map.Entry::getValue,
                (one, other) -> one));
  }

  @Test
  void aWebhookIsSignedAsStandardWebhooksSay() throws Exception {
    OutboundMessage message = hook();
    try (WebhookProvider provider = receiver()) {
      assertThat(provider.deliver(message)).isEqualTo(Outcome.accepted(message.reference()));
    }

    Request request = standIn.takeRequest();
    Map<String, String> headers = lower(request.headers());
    String time = Long.toString(SampleMessages.CREATED_AT.getEpochSecond());
    String signed = message.reference() + "." + time + "." + request.body();
    byte[] key =
        Base64.getDecoder().decode(WebhookContractTest.SECRET.substring("whsec_".length()));
    byte[] expected = WebhookProof.hmac("HmacSHA256", key, signed.getBytes(StandardCharsets.UTF_8));
    assertThat(request.target()).isEqualTo("/hook?a=1");
    assertThat(headers)
        .containsEntry("webhook-id", message.reference())
        .containsEntry("webhook-timestamp", time)
        .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(expected));
    assertThat(request.body())
        .startsWith("{\"type\":\"" + message.category().name() + "\",\"timestamp\":\"")
        .contains("\"title\":\"Order <1017>\"")
        .endsWith("\"data\":{\"order\":\"1017\"}}}");
  }

  @ParameterizedTest
  @CsvSource({
    "204, Accepted",
    "301, Rejected",
    "400, Rejected",
    "401, Rejected",
    "408, Unknown",
    "410, InvalidAddress",
    "429, Retryable",
    "500, Unknown",
    "503, Retryable",
  })
  void aReceiversAnswerMeans(int status, String outcome) {
    standIn.answer(
        new Response(status, Map.of("Retry-After", "7", "Location", "http://127.0.0.1/x"), ""));
    try (WebhookProvider provider = receiver()) {
      assertThat(provider.deliver(hook()).getClass().getSimpleName()).isEqualTo(outcome);
    }
  }

  @Test
  void slackGetsEscapedTextForOneConversation() throws Exception {
    standIn.answer(SlackContractTest.TAKEN);
    try (SlackProvider provider = slack()) {
      Outcome outcome =
          provider.deliver(
              SampleMessages.to(Address.of(SlackProvider.CHANNEL, "C0123456789"), CONTENT));
      assertThat(outcome).isEqualTo(Outcome.accepted("1503435956.000247"));
    }

    Request request = standIn.takeRequest();
    assertThat(request.target()).isEqualTo("/api/chat.postMessage");
    assertThat(lower(request.headers()))
        .containsEntry("authorization", "Bearer " + SlackContractTest.TOKEN);
    assertThat(request.body())
        .isEqualTo(
            "{\"channel\":\"C0123456789\",\"text\":\"*Order &lt;1017&gt;*\\nis on its way &amp; soon"
                + " there\\nhttps://shop.example/1017\",\"attachments\":[{\"fallback\":\"Order"
                + " <1017>\",\"image_url\":\"https://shop.example/1017.png\"}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "200, channel_not_found, InvalidAddress",
    "200, is_archived, InvalidAddress",
    "200, invalid_auth, Misconfigured",
    "200, missing_scope, Misconfigured",
    "200, ratelimited, Throttled",
    "200, not_in_channel, Rejected",
    "200, msg_too_long, Rejected",
    "200, new_word, Rejected",
    "200, service_unavailable, Retryable",
    "200, internal_error, Unknown",
    "429, '', Throttled",
    "403, '', Misconfigured",
    "503, '', Retryable",
    "500, '', Unknown",
  })
  void slacksErrorMeans(int status, String error, String outcome) {
    standIn.answer(Response.json(status, "{\"ok\":false,\"error\":\"" + error + "\"}"));
    try (SlackProvider provider = slack()) {
      assertThat(
              provider
                  .deliver(
                      SampleMessages.to(Address.of(SlackProvider.CHANNEL, "C0123456789"), CONTENT))
                  .getClass()
                  .getSimpleName())
          .isEqualTo(outcome);
    }
  }

  @Test
  void theLogTakesEverythingAndShowsNothingPersonal() {
    LogProvider log = LogProvider.of(WebhookProvider.CHANNEL);
    OutboundMessage message = hook();

    assertThat(log.deliver(message)).isEqualTo(Outcome.accepted(message.reference()));
    assertThat(log.name()).isEqualTo("log-webhook");
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedByName() {
    assertThatThrownBy(() -> WebhookProvider.builder().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("signingSecret");
    assertThatThrownBy(() -> WebhookProvider.builder().signingSecret("whsec_c2hvcnQ="))
        .hasMessageContaining("signingSecret")
        .hasMessageNotContaining("c2hvcnQ");
    assertThatThrownBy(() -> SlackProvider.builder().build()).hasMessageContaining("botToken");
    assertThatThrownBy(() -> SlackProvider.builder().botToken("hush hush"))
        .hasMessageContaining("botToken")
        .hasMessageNotContaining("hush hush");
  }
}
