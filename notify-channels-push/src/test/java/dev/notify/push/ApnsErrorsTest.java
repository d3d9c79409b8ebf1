package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.test.SampleMessages;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of Apple's error table, over HTTP/2. Pushy's stand-in knows the older reasons only, so
 * this is another one.
 */
@Timeout(60)
class ApnsErrorsTest {

  private static final int REFUSED_STREAM = 0x7;
  private static final int INTERNAL_ERROR = 0x2;

  private final MockWebServer apns = new MockWebServer();
  private ApnsProvider provider;

  @BeforeEach
  void start() throws IOException {
    apns.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(ApnsKeys.SERVER)
            .build()
            .sslSocketFactory());
    apns.start();
    provider = ApnsKeys.provider(apns.getPort()).build();
  }

  @AfterEach
  void close() {
    provider.close();
    apns.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, BadDeviceToken, InvalidAddress",
    "400, DeviceTokenNotForTopic, Rejected",
    "410, Unregistered, InvalidAddress",
    "410, ExpiredToken, InvalidAddress",
    "400, BadCollapseId, Rejected",
    "400, BadExpirationDate, Rejected",
    "400, BadMessageId, Rejected",
    "400, BadPriority, Rejected",
    "400, DuplicateHeaders, Rejected",
    "400, InvalidPushType, Rejected",
    "400, MissingDeviceToken, Rejected",
    "400, PayloadEmpty, Rejected",
    "404, BadPath, Rejected",
    "405, MethodNotAllowed, Rejected",
    "413, PayloadTooLarge, Rejected",
    "400, BadTopic, Misconfigured",
    "400, MissingTopic, Misconfigured",
    "400, TopicDisallowed, Misconfigured",
    "403, BadCertificate, Misconfigured",
    "403, BadCertificateEnvironment, Misconfigured",
    "403, Forbidden, Misconfigured",
    "403, InvalidProviderToken, Misconfigured",
    "403, MissingProviderToken, Misconfigured",
    "403, UnrelatedKeyIdInToken, Misconfigured",
    "403, BadEnvironmentKeyIdInToken, Misconfigured",
    "403, BadEnvironmentKeyInToken, Misconfigured",
    "429, TooManyRequests, Retryable",
    "429, TooManyProviderTokenUpdates, Throttled",
    "400, IdleTimeout, Retryable",
    "500, InternalServerError, Retryable",
    "503, ServiceUnavailable, Retryable",
    "503, Shutdown, Retryable",
    "400, AReasonOfNextYear, Rejected",
    "403, AReasonOfNextYear, Misconfigured",
    "410, AReasonOfNextYear, InvalidAddress",
    "429, AReasonOfNextYear, Throttled",
    "500, AReasonOfNextYear, Unknown",
    "502, AReasonOfNextYear, Unknown",
    "503, AReasonOfNextYear, Retryable"
  })
  void aReasonDecides(int status, String reason, String expected) {
    apns.enqueue(refusal(status, "{\"reason\":\"" + reason + "\"}"));

    Outcome outcome = deliver();

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).doesNotContain("NextYear");
  }

  @ParameterizedTest
  @CsvSource({
    "302, Misconfigured",
    "400, Rejected",
    "403, Misconfigured",
    "410, InvalidAddress",
    "429, Throttled",
    "500, Unknown",
    "502, Unknown",
    "503, Retryable",
    "504, Unknown"
  })
  void withoutAReasonTheStatusDecides(int status, String expected) {
    for (String body : new String[] {"<html>", "{}", "[]", "{\"reason\":7}", "{\"reason\":null}"}) {
      apns.enqueue(refusal(status, body));

      Outcome outcome = deliver();

      assertThat(outcome.getClass().getSimpleName()).as(body).isEqualTo(expected);
    }
  }

  @Test
  void aDeadTokenIsInvalidSinceTheMomentThatApnsGives() {
    apns.enqueue(refusal(410, "{\"reason\":\"ExpiredToken\",\"timestamp\":1437179036123}"));
    apns.enqueue(refusal(410, "{\"reason\":\"Unregistered\",\"timestamp\":1437179036123}"));
    apns.enqueue(refusal(400, "{\"reason\":\"BadDeviceToken\"}"));

    Optional<Instant> since = Optional.of(Instant.ofEpochMilli(1437179036123L));
    assertThat(((InvalidAddress) deliver()).since()).isEqualTo(since);
    assertThat(((InvalidAddress) deliver()).since()).isEqualTo(since);
    assertThat(((InvalidAddress) deliver()).since()).isEmpty();
  }

  @Test
  void anExpiredProviderTokenIsReplacedOnceOverANewConnection() throws Exception {
    apns.enqueue(refusal(403, "{\"reason\":\"ExpiredProviderToken\"}"));
    apns.enqueue(new MockResponse.Builder().build());

    assertThat(deliver()).isInstanceOf(Accepted.class);
    assertThat(apns.takeRequest().getConnectionIndex())
        .isNotEqualTo(apns.takeRequest().getConnectionIndex());
  }

  @Test
  void aSecondExpiredProviderTokenMeansThatTheClockIsWrong() {
    apns.enqueue(refusal(403, "{\"reason\":\"ExpiredProviderToken\"}"));
    apns.enqueue(refusal(403, "{\"reason\":\"ExpiredProviderToken\"}"));

    assertThat(deliver()).isInstanceOf(Misconfigured.class);
    assertThat(apns.getRequestCount()).isEqualTo(2);
  }

  @Test
  void tooManyTokenUpdatesAreThrottledForAMinute() {
    apns.enqueue(refusal(429, "{\"reason\":\"TooManyProviderTokenUpdates\"}"));

    assertThat(((Throttled) deliver()).retryAfter()).contains(Duration.ofMinutes(1));
  }

  @Test
  void aStreamThatApnsRefusedIsSentAgain() {
    apns.enqueue(
        new MockResponse.Builder()
            .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
            .build());
    apns.enqueue(new MockResponse.Builder().build());

    assertThat(deliver()).isInstanceOf(Accepted.class);
  }

  @Test
  void aStreamThatIsResetForAnotherReasonIsUnknown() {
    apns.enqueue(
        new MockResponse.Builder()
            .onResponseStart(new SocketEffect.CloseStream(INTERNAL_ERROR))
            .build());

    assertThat(deliver()).isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500})
  void anAnswerWithoutEndIsNoVerdictOnMessageOrAddress(int status) {
    apns.enqueue(refusal(status, "x".repeat(2 << 20)));

    assertThat(deliver()).isInstanceOfAny(Unknown.class, Misconfigured.class, Retryable.class);
  }

  @Test
  void aClosedProviderIsRetryable() {
    provider.close();

    assertThat(deliver()).isInstanceOf(Retryable.class);
    assertThat(apns.getRequestCount()).isZero();
  }

  private static MockResponse refusal(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("content-type", "application/json")
        .body(body)
        .build();
  }

  private Outcome deliver() {
    return provider.deliver(
        SampleMessages.to(
            Address.apns("00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"),
            Content.ofBody("Arrives tomorrow")));
  }
}
