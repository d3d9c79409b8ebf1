package dev.notify.push;

import static dev.notify.test.SampleMessages.CREATED_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.UnregisteredDeviceTokenException;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RefusingPort;
import dev.notify.test.SampleMessages;
import io.netty.handler.codec.http2.StreamBufferingEncoder.Http2GoAwayException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over TLS and HTTP/2, with Pushy's stand-in for APNs, which checks the provider's token. */
@Timeout(60)
class ApnsWireTest {

  private static final String TOKEN =
      "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0";
  private static final Content CONTENT =
      Content.builder().title("Order shipped").body("Arrives tomorrow").build();

  private ApnsStandIn apns;
  private ApnsProvider provider;

  @BeforeEach
  void start() throws Exception {
    ApnsVerificationKey key = ApnsKeys.verificationKey();
    apns =
        ApnsStandIn.checkedBy(
            new ValidatingPushNotificationHandlerFactory(
                Map.of(ApnsKeys.TOPIC, Set.of(TOKEN)),
                Map.of(),
                Map.of(ApnsKeys.KEY_ID, key),
                Map.of(key, Set.of(ApnsKeys.TOPIC))));
    provider = ApnsKeys.provider(apns.port()).clock(InstantSource.fixed(CREATED_AT)).build();
  }

  @AfterEach
  void close() throws Exception {
    provider.close();
    apns.close();
  }

  @Test
  void aMessageIsPostedToItsDeviceWithASignedToken() throws Exception {
    OutboundMessage message = message(CONTENT, Priority.HIGH, Duration.ofHours(1));

    Outcome outcome = provider.deliver(message);

    ApnsStandIn.Request request = apns.takeRequest();
    assertThat(request.headers())
        .containsEntry(":method", "POST")
        .containsEntry(":scheme", "https")
        .containsEntry(":path", "/3/device/" + TOKEN)
        .containsEntry("apns-topic", "com.example.shop")
        .containsEntry("apns-push-type", "alert")
        .containsEntry("apns-priority", "10")
        .containsEntry("apns-expiration", "1767326645")
        .containsEntry("apns-id", message.reference())
        .containsEntry("apns-collapse-id", message.reference())
        .hasEntrySatisfying("authorization", value -> assertThat(value).startsWith("bearer ey"));
    assertThat(outcome).isEqualTo(Outcome.accepted(message.reference()));
  }

  @Test
  void aFullMessageSaysEverythingThatAppleHas() throws Exception {
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
    OutboundMessage message = message(content, Priority.NORMAL, Duration.ofHours(1));

    provider.deliver(message);

    ApnsStandIn.Request request = apns.takeRequest();
    assertThat(request.headers())
        .containsEntry("apns-priority", "5")
        .containsEntry("apns-collapse-id", "order-4711");
    assertThat(json(request.body()))
        .isEqualTo(
            json(
                """
                {"aps": {
                   "alert": {"title": "Order shipped", "subtitle": "Two parcels",
                             "body": "Arrives \\"tomorrow\\" \\uD83D\\uDE80"},
                   "mutable-content": 1, "badge": 3, "sound": "ding", "thread-id": "orders",
                   "category": "ORDER", "interruption-level": "time-sensitive"},
                 "orderId": "4711",
                 "notify_image": "https://example.com/a.png",
                 "notify_link": "https://example.com/orders/4711",
                 "notify_actions": [{"action": "track", "title": "Track", "link": "https://example.com/t"},
                                    {"action": "mute", "title": "Mute"}],
                 "notify_reference": "REF"}
                """
                    .replace("REF", message.reference())));
  }

  @Test
  void aMessageOfDataAloneWakesTheApplicationInTheBackground() throws Exception {
    Content content = Content.builder().data("sync", "now").build();
    OutboundMessage message = message(content, Priority.CRITICAL, Duration.ofHours(1));

    provider.deliver(message);

    ApnsStandIn.Request request = apns.takeRequest();
    assertThat(request.headers())
        .containsEntry("apns-push-type", "background")
        .containsEntry("apns-priority", "5");
    assertThat(json(request.body()))
        .isEqualTo(
            json(
                "{\"aps\":{\"content-available\":1},\"sync\":\"now\",\"notify_reference\":\""
                    + message.reference()
                    + "\"}"));
  }

  @Test
  void aBadgeAloneIsSeenByThePerson() throws Exception {
    Content content =
        Content.builder().data("unread", "0").push(PushOptions.builder().badge(0).build()).build();

    provider.deliver(message(content, Priority.NORMAL, Duration.ofHours(1)));

    ApnsStandIn.Request request = apns.takeRequest();
    assertThat(request.headers()).containsEntry("apns-push-type", "alert");
    assertThat(json(request.body()).path("aps"))
        .isEqualTo(json("{\"content-available\":1,\"badge\":0}"));
  }

  @ParameterizedTest
  @CsvSource({"PT0.9S, 0", "PT-5M, 0", "P29D, 2505600", "P400D, 2592000"})
  void theExpirationIsTheMessagesWithinThirtyDays(Duration left, long seconds) throws Exception {
    provider.deliver(message(CONTENT, Priority.NORMAL, left));

    assertThat(apns.takeRequest().headers())
        .containsEntry("apns-expiration", Long.toString(CREATED_AT.getEpochSecond() + seconds));
  }

  @Test
  void attemptsOfOneDeliveryHaveTheSameIds() throws Exception {
    OutboundMessage message = message(CONTENT, Priority.NORMAL, Duration.ofHours(1));

    provider.deliver(message);
    provider.deliver(message);

    ApnsStandIn.Request first = apns.takeRequest();
    ApnsStandIn.Request second = apns.takeRequest();
    assertThat(second).isEqualTo(first);
  }

  @Test
  void aDeadTokenIsInvalidSinceTheMomentThatApnsGives() {
    Instant since = Instant.parse("2025-12-24T18:00:00.123Z");
    apns.answer(
        (headers, payload) -> {
          throw new UnregisteredDeviceTokenException(since);
        });

    assertThat(provider.deliver(message(CONTENT, Priority.NORMAL, Duration.ofHours(1))))
        .isEqualTo(
            new Outcome.InvalidAddress(
                "the device token is dead: Unregistered", Optional.of(since)));
  }

  @Test
  void aKeyThatAppleDoesNotKnowIsMisconfigured() {
    try (ApnsProvider other = ApnsKeys.provider(apns.port()).keyId("OTHERKEY00").build()) {
      assertThat(other.deliver(message(CONTENT, Priority.NORMAL, Duration.ofHours(1))))
          .isInstanceOf(Outcome.Misconfigured.class);
    }
  }

  @Test
  void aServerThatIsNotTrustedGetsNothing() {
    try (ApnsProvider wary =
        ApnsKeys.provider(apns.port())
            .trustedCertificates(new okhttp3.tls.HeldCertificate.Builder().build().certificate())
            .build()) {
      assertThat(wary.deliver(message(CONTENT, Priority.NORMAL, Duration.ofHours(1))))
          .isInstanceOf(Outcome.Retryable.class);
      assertThat(apns.requests()).isEmpty();
    }
  }

  /** Pushy waits a second before it connects again, and longer each time. */
  @Test
  void callsDoNotWaitForAConnectionLongerThanTheyMay() throws Exception {
    try (RefusingPort nobody = RefusingPort.any();
        ApnsProvider alone =
            ApnsKeys.provider(nobody.number()).connectTimeout(Duration.ofMillis(200)).build()) {
      OutboundMessage message = message(CONTENT, Priority.NORMAL, Duration.ofHours(1));

      assertThat(alone.deliver(message)).isInstanceOf(Outcome.Retryable.class);
      assertThat(alone.deliver(message))
          .isEqualTo(Outcome.retryable("not sent: no connection in time"));
    }
  }

  @Test
  void aRequestThatNeverGotAStreamIsRetryable() {
    ApnsPush push =
        ApnsPush.of(
            message(CONTENT, Priority.NORMAL, Duration.ofHours(1)), ApnsKeys.TOPIC, CREATED_AT);
    assertThat(push.getToken()).isEqualTo(TOKEN);

    assertThat(ApnsConnection.broken(push, new Http2GoAwayException(1, 0, new byte[0])))
        .extracting(reply -> ((ApnsReply.Silence) reply).outcome())
        .isInstanceOf(Outcome.Retryable.class);
    assertThat(ApnsConnection.broken(push, new IOException("Stream closed")))
        .extracting(reply -> ((ApnsReply.Silence) reply).outcome())
        .isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aRequestThatWasCalledOffDoesNotLeave() {
    ApnsPush push =
        ApnsPush.of(
            message(CONTENT, Priority.NORMAL, Duration.ofHours(1)), ApnsKeys.TOPIC, CREATED_AT);

    assertThat(push.callOff()).isTrue();

    assertThatExceptionOfType(CancellationException.class).isThrownBy(push::getToken);
  }

  private static OutboundMessage message(Content content, Priority priority, Duration left) {
    return SampleMessages.to(Address.apns(TOKEN), content, priority, CREATED_AT.plus(left));
  }

  private static JsonNode json(String text) throws Exception {
    return new JsonMapper().readTree(text);
  }
}
