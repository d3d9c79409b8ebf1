package dev.notify.push;

import static dev.notify.test.SampleMessages.CREATED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.SampleMessages;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPushWireTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final VapidKeys KEYS = VapidKeys.generate();
  private static final Content CONTENT =
      Content.builder().title("Order shipped").body("Arrives tomorrow").build();

  private final MockWebServer service = new MockWebServer();
  private WebPushProvider provider;

  @BeforeEach
  void start() throws IOException {
    service.start();
    provider =
        WebPushProvider.builder()
            .vapidKeys(KEYS)
            .subject("mailto:push@example.com")
            .trustedHosts(service.getHostName())
            .clock(InstantSource.fixed(CREATED_AT))
            .build();
  }

  @AfterEach
  void close() {
    provider.close();
    service.close();
  }

  @Test
  void aMessageIsPostedToTheEndpointEncryptedAndSigned() throws Exception {
    OutboundMessage message = message(CONTENT, Priority.HIGH, Duration.ofHours(1));

    Outcome outcome = provider.deliver(message);

    RecordedRequest request = service.takeRequest();
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getTarget()).isEqualTo("/wpush/v2/gAAAAAB?a=b");
    assertThat(request.getHeaders().toMultimap())
        .containsEntry("ttl", java.util.List.of("3600"))
        .containsEntry("urgency", java.util.List.of("high"))
        .containsEntry("topic", java.util.List.of(message.reference().replace("-", "")))
        .containsEntry("content-type", java.util.List.of("application/octet-stream"))
        .containsEntry("content-encoding", java.util.List.of("aes128gcm"))
        .containsKey("content-length");
    assertThat(request.getHeaders().get("Authorization"))
        .matches("vapid t=[\\w-]+\\.[\\w-]+\\.[\\w-]{86}, k=" + KEYS.publicKey());
    assertThat(read(request))
        .isEqualTo(
            JSON.readTree(
                """
                {"title": "Order shipped", "body": "Arrives tomorrow", "data": {},
                 "tag": "REF", "reference": "REF"}"""
                    .replace("REF", message.reference())));
    assertThat(outcome).isEqualTo(Outcome.accepted(message.reference()));
  }

  @Test
  void aFullMessageSaysEverythingThatAServiceWorkerCanShow() throws Exception {
    Content content =
        Content.builder()
            .title("Order shipped")
            .body("Arrives \"tomorrow\" \uD83D\uDE80")
            .html("<p>not for push</p>")
            .image("https://example.com/a.png")
            .link("https://example.com/orders/4711")
            .data("orderId", "4711")
            .push(SamplePushOptions.EVERYTHING)
            .build();
    OutboundMessage message = message(content, Priority.LOW, Duration.ofHours(1));

    provider.deliver(message);

    RecordedRequest request = service.takeRequest();
    assertThat(request.getHeaders().get("Topic")).isEqualTo(Traits.topic("order-4711"));
    assertThat(request.getHeaders().get("Urgency")).isEqualTo("low");
    assertThat(read(request))
        .isEqualTo(
            JSON.readTree(
                """
                {"title": "Order shipped", "body": "Arrives \\"tomorrow\\" \\uD83D\\uDE80",
                 "image": "https://example.com/a.png", "link": "https://example.com/orders/4711",
                 "icon": "/i.png", "badge": "/b.png", "appBadge": 3, "requireInteraction": true,
                 "actions": [{"action": "track", "title": "Track", "link": "https://example.com/t"},
                             {"action": "mute", "title": "Mute"}],
                 "data": {"orderId": "4711"}, "tag": "order-4711", "reference": "REF"}"""
                    .replace("REF", message.reference())));
  }

  @ParameterizedTest
  @CsvSource({"PT59.9S, 59", "PT0.9S, 0", "PT-5M, 0", "P27D, 2332800", "P400D, 2419200"})
  void theTimeToLiveEndsWithTheMessageAndAfterFourWeeksAtMost(Duration left, String seconds)
      throws Exception {
    provider.deliver(message(CONTENT, Priority.NORMAL, left));

    assertThat(service.takeRequest().getHeaders().get("TTL")).isEqualTo(seconds);
  }

  @Test
  void fourKilobytesEncryptedAreTheLimit() throws Exception {
    int rest = WebPushProvider.LONGEST_MESSAGE - WebPushMessage.bytes(Content.ofBody("x")) + 1;
    Content longest = Content.ofBody("x".repeat(rest));

    assertThat(provider.problemWith(longest)).isEmpty();
    assertThat(provider.problemWith(Content.ofBody("x".repeat(rest + 1))))
        .contains("has 3994 bytes as sent, web push carries 3993");
    provider.deliver(message(longest, Priority.NORMAL, Duration.ofHours(1)));
    assertThat(service.takeRequest().getHeaders().get("Content-Length")).isEqualTo("4096");
  }

  @Test
  void contentForOtherChannelsAloneIsRefused() {
    assertThat(provider.problemWith(Content.builder().html("<p>Hello</p>").build())).isPresent();
    assertThat(
            provider.problemWith(
                Content.builder()
                    .html("<p>Hello</p>")
                    .push(PushOptions.builder().badge(1).build())
                    .build()))
        .isEmpty();
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    service.enqueue(
        new MockResponse.Builder()
            .code(307)
            .addHeader("Location", service.url("/elsewhere").toString())
            .build());

    assertThat(provider.deliver(message(CONTENT, Priority.NORMAL, Duration.ofHours(1))))
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(service.getRequestCount()).isEqualTo(1);
  }

  @Test
  void nothingIsCalledThatMayNotBe() {
    OutboundMessage inside =
        SampleMessages.to(
            Address.webPush(Browser.subscription("http://localhost.:" + service.getPort() + "/")),
            CONTENT);

    assertThat(provider.deliver(inside)).isInstanceOf(Outcome.Rejected.class);
    assertThat(service.getRequestCount()).isZero();
  }

  private OutboundMessage message(Content content, Priority priority, Duration left) {
    if (service.getRequestCount() == 0) {
      service.enqueue(new MockResponse.Builder().code(201).build());
    }
    return SampleMessages.to(
        Address.webPush(Browser.subscription(service.url("/wpush/v2/gAAAAAB?a=b").toString())),
        content,
        priority,
        CREATED_AT.plus(left));
  }

  private static JsonNode read(RecordedRequest request) throws Exception {
    return JSON.readTree(Browser.read(request.getBody().toByteArray()));
  }
}
