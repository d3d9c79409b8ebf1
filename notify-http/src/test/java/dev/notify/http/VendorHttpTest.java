package dev.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.http.Reply.Answer;
import dev.notify.http.Reply.Silence;
import dev.notify.model.Outcome;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.VendorBehaviour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VendorHttpTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final HttpTimeouts SHORT =
      new HttpTimeouts(Duration.ofMillis(500), Duration.ofMillis(300));

  private final HttpStandIn vendor = HttpStandIn.answering(Response.json(200, "{}"));
  private VendorHttp http = VendorHttp.open("test", HttpTimeouts.DEFAULT, InstantSource.fixed(NOW));

  @AfterEach
  void close() {
    http.close();
    vendor.close();
  }

  @Test
  void anAnswerComesWithStatusBodyAndTheTimeToStayAway() {
    vendor.answer(
        Response.json(418, "{\"a\":1}").with("Retry-After", "Fri, 02 Jan 2026 03:05:05 GMT"));

    Answer answer = (Answer) http.exchange(post(vendor.url()));

    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.retryAfter()).contains(Duration.ofMinutes(1));
    assertThat(answer.json().path("a").asInt()).isEqualTo(1);
    assertThat(answer.isSuccess()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "{\"a\":", "\u0000"})
  void aBodyThatIsNotJsonIsAMissingNode(String body) {
    assertThat(new Answer(200, Optional.empty(), body).json().isMissingNode()).isTrue();
  }

  @Test
  void anAnswerShowsNothingOfItsBody() {
    assertThat(new Answer(400, Optional.empty(), "about +14155550100"))
        .hasToString("Answer[400, 18 characters]");
  }

  @Test
  void ofALongAnswerOnlyTheBeginningIsRead() {
    vendor.answer(new Response(200, Map.of(), "x".repeat(VendorHttp.LONGEST_ANSWER + 1)));

    Answer answer = (Answer) http.exchange(post(vendor.url()));

    assertThat(answer.body()).hasSize(VendorHttp.LONGEST_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 421, 503})
  void statusesThatOkHttpWouldRepeatAreAnsweredOnce(int status) {
    vendor.answer(new Response(status, Map.of("Retry-After", "0"), ""));

    Answer answer = (Answer) http.exchange(post(vendor.url()));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(vendor.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void redirectsAreNotFollowed(int status) {
    vendor.answer(new Response(status, Map.of("Location", vendor.url() + "/elsewhere"), ""));

    assertThat(((Answer) http.exchange(post(vendor.url()))).status()).isEqualTo(status);
    assertThat(vendor.requests()).hasSize(1);
  }

  @Test
  void aPooledConnectionThatBreaksIsNotTriedTwice() {
    http.exchange(post(vendor.url()));
    vendor.behave(VendorBehaviour.CUTS);

    assertThat(silence(http.exchange(post(vendor.url())))).isInstanceOf(Outcome.Unknown.class);
    assertThat(vendor.requests()).hasSize(2);
  }

  @Test
  void anAnswerThatBreaksOffIsUnknown() {
    vendor.answer(Response.json(200, "{\"id\":").with("Content-Length", "500"));

    assertThat(silence(http.exchange(post(vendor.url())))).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsUnknown() {
    useShortTimeouts();
    vendor.behave(VendorBehaviour.HANGS);

    Outcome outcome = silence(http.exchange(post(vendor.url())));

    assertThat(outcome).isEqualTo(Outcome.unknown("sent, but no answer in time"));
  }

  @Test
  void aConnectionThatIsRefusedIsRetryable() {
    URI url = vendor.url();
    vendor.behave(VendorBehaviour.REFUSES_CONNECTION);

    assertThat(silence(http.exchange(post(url))))
        .isEqualTo(Outcome.retryable("not sent: no connection"));
  }

  @Test
  void aHandshakeThatHangsIsRetryable() throws IOException {
    useShortTimeouts();
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Outcome outcome =
          silence(http.exchange(post(URI.create("https://127.0.0.1:" + silent.getLocalPort()))));

      assertThat(outcome).isEqualTo(Outcome.retryable("not sent: no connection in time"));
    }
  }

  @Test
  void aServerWithoutEncryptionIsRetryableAndGetsNothing() {
    URI secure = URI.create("https://127.0.0.1:" + vendor.url().getPort());

    assertThat(silence(http.exchange(post(secure)))).isInstanceOf(Outcome.Retryable.class);
    assertThat(vendor.requests()).isEmpty();
  }

  @Test
  void aCallAfterCloseIsRetryable() {
    http.close();

    assertThat(silence(http.exchange(post(vendor.url())))).isInstanceOf(Outcome.Retryable.class);
    assertThat(vendor.requests()).isEmpty();
  }

  @Test
  void aThreadThatIsInterruptedAlreadyKeepsItsFlagAndSendsOrNot() {
    vendor.behave(VendorBehaviour.HANGS);
    Thread.currentThread().interrupt();

    Outcome outcome = silence(http.exchange(post(vendor.url())));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome).isInstanceOfAny(Outcome.Retryable.class, Outcome.Unknown.class);
    if (outcome instanceof Outcome.Retryable) {
      assertThat(vendor.requests()).isEmpty();
    }
  }

  @Test
  void causesNeverHoldTheAddressCalled() {
    URI url = URI.create(vendor.url() + "/account/4711");
    vendor.behave(VendorBehaviour.REFUSES_CONNECTION);

    assertThat(silence(http.exchange(post(url))).cause())
        .doesNotContain("4711")
        .doesNotContain("127.0.0.1");
  }

  private void useShortTimeouts() {
    http.close();
    http = VendorHttp.open("test", SHORT, InstantSource.fixed(NOW));
  }

  private static Request post(URI url) {
    return new Request.Builder()
        .url(url.toString())
        .post(RequestBody.create(new byte[] {1}, null))
        .build();
  }

  private static Outcome silence(Reply reply) {
    assertThat(reply).isInstanceOf(Silence.class);
    return ((Silence) reply).outcome();
  }
}
