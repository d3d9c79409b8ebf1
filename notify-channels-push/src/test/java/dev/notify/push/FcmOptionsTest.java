package dev.notify.push;

import static dev.notify.push.FcmFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.model.Content;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.model.PushOptions.Action;
import dev.notify.model.PushOptions.Interruption;
import dev.notify.spi.OutboundMessage;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What FCM is told of a content's push options. */
class FcmOptionsTest {

  private static final JsonMapper JSON = new JsonMapper();

  private final FcmFixture fixture = new FcmFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyOptionStandsInTheBlockOfEachPlatformThatHasIt() throws Exception {
    Content content =
        Content.builder()
            .title("Order shipped")
            .body("Arrives tomorrow")
            .push(SamplePushOptions.EVERYTHING)
            .build();
    OutboundMessage message = FcmFixture.message(content, Priority.HIGH, NOW.plusSeconds(3600));

    assertThat(sent(message))
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "token": "token-1",
                  "notification": {"title": "Order shipped", "body": "Arrives tomorrow"},
                  "data": {"notify_actions": "[{\\"action\\":\\"track\\",\\"title\\":\\"Track\\",\\"link\\":\\"https://example.com/t\\"},{\\"action\\":\\"mute\\",\\"title\\":\\"Mute\\"}]",
                           "notify_reference": "REF"},
                  "android": {"priority": "HIGH", "ttl": "3600s", "collapse_key": "order-4711",
                    "notification": {"channel_id": "orders", "icon": "ic_parcel", "color": "#ff8800",
                                     "sound": "ding", "notification_count": 3, "tag": "order-4711"}},
                  "apns": {
                    "headers": {"apns-push-type": "alert", "apns-priority": "10",
                                "apns-expiration": "1767326645", "apns-collapse-id": "order-4711"},
                    "payload": {"aps": {
                      "alert": {"title": "Order shipped", "subtitle": "Two parcels", "body": "Arrives tomorrow"},
                      "badge": 3, "sound": "ding", "thread-id": "orders", "category": "ORDER",
                      "interruption-level": "time-sensitive"}}},
                  "webpush": {
                    "headers": {"TTL": "3600", "Urgency": "high", "Topic": "TOPIC"},
                    "notification": {"icon": "/i.png", "badge": "/b.png", "tag": "order-4711",
                      "requireInteraction": true,
                      "actions": [{"action": "track", "title": "Track"}, {"action": "mute", "title": "Mute"}]}}
                }
                """
                    .replace("REF", message.reference())
                    .replace("TOPIC", Traits.topic("order-4711"))));
  }

  @Test
  void aCriticalMessageHasACriticalSound() throws Exception {
    PushOptions options =
        PushOptions.builder()
            .sound("siren.caf")
            .apple(
                new PushOptions.Apple(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Interruption.CRITICAL)))
            .build();

    assertThat(aps(Content.builder().body("Fire").push(options).build()))
        .isEqualTo(
            JSON.readTree(
                """
                {"sound": {"critical": 1, "name": "siren.caf", "volume": 1.0},
                 "interruption-level": "critical"}"""));
  }

  @Test
  void aBadgeOfZeroRemovesApplesAndAddsNoneOnAndroid() throws Exception {
    Content content =
        Content.builder().body("Read").push(PushOptions.builder().badge(0).build()).build();
    JsonNode message = sent(FcmFixture.message(content, Priority.NORMAL, NOW.plusSeconds(60)));

    assertThat(message.at("/apns/payload/aps/badge")).isEqualTo(JSON.readTree("0"));
    assertThat(message.at("/android/notification/notification_count").isMissingNode()).isTrue();
  }

  @Test
  void aBadgeWithoutWordsIsNoBackgroundMessage() throws Exception {
    Content content =
        Content.builder().data("unread", "7").push(PushOptions.builder().badge(7).build()).build();
    JsonNode message = sent(FcmFixture.message(content, Priority.HIGH, NOW.plusSeconds(60)));

    assertThat(message.at("/apns/headers/apns-push-type").asText()).isEqualTo("alert");
    assertThat(message.at("/apns/headers/apns-priority").asText()).isEqualTo("10");
    assertThat(message.at("/apns/payload/aps"))
        .isEqualTo(JSON.readTree("{\"content-available\":1,\"badge\":7}"));
    assertThat(message.at("/android/notification").isMissingNode()).isTrue();
    assertThat(message.at("/webpush/notification").isMissingNode()).isTrue();
  }

  @Test
  void theLargestPlatformsOptionsCountAgainstTheLimit() {
    int plain = FcmMessage.payloadBytes(Content.ofBody("x"));
    Content withSubtitle =
        Content.builder().body("x").push(SamplePushOptions.subtitle("y".repeat(900))).build();
    Content withActions =
        Content.builder()
            .body("x")
            .push(PushOptions.builder().action(Action.of("a", "t".repeat(100))).build())
            .build();

    assertThat(FcmMessage.payloadBytes(withSubtitle)).isGreaterThan(plain + 900);
    assertThat(FcmMessage.payloadBytes(withActions)).isGreaterThan(plain + 2 * 100);
  }

  @Test
  void aTopicKeepsToWhatEveryPushServiceTakes() {
    assertThat(Traits.topic("order4711")).isEqualTo("order4711");
    assertThat(Traits.topic("order-4711")).matches("[0-9a-f]{32}");
    assertThat(Traits.topic("x".repeat(33))).matches("[0-9a-f]{32}");
    assertThat(Traits.topic("order-4711")).isNotEqualTo(Traits.topic("order-4712"));
  }

  private JsonNode aps(Content content) throws Exception {
    return sent(FcmFixture.message(content, Priority.NORMAL, NOW.plusSeconds(60)))
        .at("/apns/payload/aps");
  }

  private JsonNode sent(OutboundMessage message) throws Exception {
    fixture.provider.deliver(message);
    return JSON.readTree(fixture.fcm.takeRequest().body()).path("message");
  }
}
