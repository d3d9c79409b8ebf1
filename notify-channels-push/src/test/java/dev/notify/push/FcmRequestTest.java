package dev.notify.push;

import static dev.notify.push.FcmFixture.CONTENT;
import static dev.notify.push.FcmFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FcmRequestTest {

  private static final Instant IN_AN_HOUR = NOW.plusSeconds(3600);

  private final FcmFixture fixture = new FcmFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedToItsProjectWithTheAccessToken() throws Exception {
    Outcome outcome = fixture.deliver();

    Request request = fixture.fcm.takeRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/projects/shop-4711/messages:send");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer ready")
        .containsEntry("content-type", "application/json; charset=utf-8");
    assertThat(outcome).isEqualTo(Outcome.accepted("projects/shop-4711/messages/0:1"));
  }

  @Test
  void aFullMessageSaysEverythingForAndroidAppleAndWeb() throws Exception {
    Content content =
        Content.builder()
            .title("Order shipped")
            .body("Arrives \"tomorrow\" \uD83D\uDE80")
            .html("<p>not for push</p>")
            .image("https://example.com/a.png")
            .link("https://example.com/orders/4711")
            .data("orderId", "4711")
            .build();
    OutboundMessage message = FcmFixture.message(content, Priority.HIGH, IN_AN_HOUR);

    assertThat(sent(message))
        .isEqualTo(
            json(
                """
                {"message": {
                  "token": "token-1",
                  "notification": {"title": "Order shipped", "body": "Arrives \\"tomorrow\\" \\uD83D\\uDE80",
                                   "image": "https://example.com/a.png"},
                  "data": {"orderId": "4711", "notify_link": "https://example.com/orders/4711",
                           "notify_reference": "REF"},
                  "android": {"priority": "HIGH", "ttl": "3600s", "notification": {"tag": "REF"}},
                  "apns": {
                    "headers": {"apns-push-type": "alert", "apns-priority": "10",
                                "apns-expiration": "1767326645", "apns-collapse-id": "REF"},
                    "payload": {"aps": {"mutable-content": 1}}},
                  "webpush": {
                    "headers": {"TTL": "3600", "Urgency": "high"},
                    "fcm_options": {"link": "https://example.com/orders/4711"}}
                }}
                """,
                message.reference()));
  }

  @Test
  void aMessageOfDataAloneWakesTheApplicationInTheBackground() throws Exception {
    Content content = Content.builder().data("sync", "now").build();
    OutboundMessage message = FcmFixture.message(content, Priority.CRITICAL, IN_AN_HOUR);

    assertThat(sent(message))
        .isEqualTo(
            json(
                """
                {"message": {
                  "token": "token-1",
                  "data": {"sync": "now", "notify_reference": "REF"},
                  "android": {"priority": "HIGH", "ttl": "3600s"},
                  "apns": {
                    "headers": {"apns-push-type": "background", "apns-priority": "5",
                                "apns-expiration": "1767326645", "apns-collapse-id": "REF"},
                    "payload": {"aps": {"content-available": 1}}},
                  "webpush": {"headers": {"TTL": "3600", "Urgency": "high"}}
                }}
                """,
                message.reference()));
  }

  @ParameterizedTest
  @CsvSource({
    "CRITICAL, HIGH, 10, high",
    "HIGH, HIGH, 10, high",
    "NORMAL, NORMAL, 5, normal",
    "LOW, NORMAL, 5, low"
  })
  void priorityIsSaidInEachPlatformsWords(
      Priority priority, String android, String apple, String web) throws Exception {
    JsonNode message = sent(FcmFixture.message(CONTENT, priority, IN_AN_HOUR)).path("message");

    assertThat(message.at("/android/priority").asText()).isEqualTo(android);
    assertThat(message.at("/apns/headers/apns-priority").asText()).isEqualTo(apple);
    assertThat(message.at("/webpush/headers/Urgency").asText()).isEqualTo(web);
  }

  @ParameterizedTest
  @CsvSource({
    "PT59.9S, 59",
    "PT0.9S, 0",
    "PT0S, 0",
    "PT-5M, 0",
    "P27D, 2332800",
    "P28D, 2419200",
    "P400D, 2419200"
  })
  void theTimeToLiveEndsWithTheMessageAndAfterFourWeeksAtMost(Duration left, long seconds)
      throws Exception {
    JsonNode message =
        sent(FcmFixture.message(CONTENT, Priority.NORMAL, NOW.plus(left))).path("message");

    assertThat(message.at("/android/ttl").asText()).isEqualTo(seconds + "s");
    assertThat(message.at("/webpush/headers/TTL").asText()).isEqualTo(Long.toString(seconds));
    assertThat(message.at("/apns/headers/apns-expiration").asLong())
        .isEqualTo(NOW.getEpochSecond() + seconds);
  }

  @Test
  void aLinkOfTheApplicationsOwnSchemeGoesIntoTheDataOnly() throws Exception {
    Content content = Content.builder().title("Order shipped").link("app://orders/4711").build();

    JsonNode message =
        sent(FcmFixture.message(content, Priority.NORMAL, IN_AN_HOUR)).path("message");

    assertThat(message.at("/data/notify_link").asText()).isEqualTo("app://orders/4711");
    assertThat(message.at("/webpush/fcm_options").isMissingNode()).isTrue();
  }

  @Test
  void attemptsOfOneDeliveryCarryTheSameReference() throws Exception {
    OutboundMessage message = FcmFixture.message(CONTENT, Priority.NORMAL, IN_AN_HOUR);

    assertThat(sent(message)).isEqualTo(sent(message));
  }

  private JsonNode sent(OutboundMessage message) throws IOException, InterruptedException {
    fixture.provider.deliver(message);
    return new JsonMapper().readTree(fixture.fcm.takeRequest().body());
  }

  private static JsonNode json(String text, String reference) throws IOException {
    return new JsonMapper().readTree(text.replace("REF", reference));
  }
}
