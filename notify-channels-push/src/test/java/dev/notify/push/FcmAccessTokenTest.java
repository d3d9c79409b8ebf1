package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Priority;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.VendorBehaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FcmAccessTokenTest {

  private static final Response BARE_401 =
      Response.json(401, "{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\"}}");

  // Google's library counts a token's hour from the system clock, so this one starts there too;
  // each further token lasts an hour longer, since only this one moves on.
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final AtomicInteger issued = new AtomicInteger();
  private final HttpStandIn google = HttpStandIn.answering(this::newToken);
  private final HttpStandIn fcm = HttpStandIn.answering(FcmFixture.TAKEN);
  private FcmProvider provider = provider(Duration.ofSeconds(20));

  @AfterEach
  void close() {
    provider.close();
    fcm.close();
    google.close();
  }

  @Test
  void theServiceAccountSignsForAToken() throws Exception {
    deliver();

    Request request = google.takeRequest();
    assertThat(request.target()).isEqualTo("/token");
    assertThat(request.body())
        .contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer")
        .contains("assertion=");
    assertThat(fcm.takeRequest().headers()).containsEntry("authorization", "Bearer token-1");
  }

  @Test
  void oneTokenServesManyMessages() {
    deliver();
    deliver();
    deliver();

    assertThat(google.requests()).hasSize(1);
    assertThat(usedTokens()).containsExactly("token-1", "token-1", "token-1");
  }

  @Test
  void twentyThreadsWithoutATokenFetchOne() throws Exception {
    List<Outcome> outcomes = deliverTogether(20);

    assertThat(outcomes).hasSize(20).allMatch(Accepted.class::isInstance);
    assertThat(google.requests()).hasSize(1);
  }

  @Test
  void twentyThreadsWhoseTokenIsRefusedFetchOneOther() throws Exception {
    deliver();
    fcm.answer(refusing("token-1"));

    List<Outcome> outcomes = deliverTogether(20);

    assertThat(outcomes).hasSize(20).allMatch(Accepted.class::isInstance);
    assertThat(google.requests()).hasSize(2);
  }

  @Test
  void nearItsEndATokenIsRenewedWhileItStillServes() throws Exception {
    deliver();
    google.takeRequest();
    advance(Duration.ofMinutes(56));

    deliver();
    google.takeRequest();
    while (!usedTokens().contains("token-2")) {
      deliver();
    }

    assertThat(usedTokens()).startsWith("token-1", "token-1");
    assertThat(google.requests()).hasSize(2);
  }

  @Test
  void aTokenThatHasEndedIsNotUsed() {
    deliver();
    advance(Duration.ofMinutes(60));

    deliver();

    assertThat(usedTokens()).containsExactly("token-1", "token-2");
  }

  @Test
  void aTokenThatFcmRefusesIsReplacedOnce() {
    fcm.answer(refusing("token-1"));

    assertThat(deliver()).isInstanceOf(Accepted.class);
    assertThat(usedTokens()).containsExactly("token-1", "token-2");
  }

  @Test
  void aSecondRefusalMeansTheAccountIsWrong() {
    fcm.answer(BARE_401);

    assertThat(deliver()).isInstanceOf(Misconfigured.class);
    assertThat(usedTokens()).containsExactly("token-1", "token-2");
  }

  @Test
  void aRefusalThatIsAboutApplesKeyDoesNotCostAToken() {
    fcm.answer(
        Response.json(
            401,
            """
            {"error":{"code":401,"status":"UNAUTHENTICATED","details":[
              {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"THIRD_PARTY_AUTH_ERROR"}]}}"""));

    assertThat(deliver()).isInstanceOf(Misconfigured.class);
    assertThat(google.requests()).hasSize(1);
    assertThat(fcm.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  void anAccountThatGoogleRefusesIsMisconfigured(int status) {
    google.answer(
        Response.json(
            status, "{\"error\":\"invalid_grant\",\"error_description\":\"secret words\"}"));

    Outcome outcome = deliver();

    assertThat(outcome).isInstanceOf(Misconfigured.class);
    assertThat(outcome.cause()).doesNotContain("secret words");
    assertThat(fcm.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "<html>",
        "{\"access_token\":\"a\\nb\",\"expires_in\":3599}",
        "{\"access_token\":7}"
      })
  void aTokenServerThatTalksNonsenseIsNeverAnException(String body) {
    google.answer(Response.json(200, body));

    assertThat(deliver()).isInstanceOfAny(Retryable.class, Misconfigured.class);
    assertThat(fcm.requests()).isEmpty();
  }

  @Test
  void aTokenServerThatHangsIsRetryableInTime() {
    provider.close();
    provider = provider(Duration.ofMillis(200));
    google.behave(VendorBehaviour.HANGS);

    assertThat(deliver()).isEqualTo(Outcome.retryable("not sent: no access token in time"));
  }

  @Test
  void aTokenServerWithAFaultIsRetryableInTime() {
    provider.close();
    provider = provider(Duration.ofMillis(200));
    google.behave(VendorBehaviour.FAILS);

    assertThat(deliver()).isInstanceOf(Retryable.class);
  }

  @Test
  void aTokenServerThatIsGoneIsRetryable() {
    google.behave(VendorBehaviour.REFUSES_CONNECTION);

    assertThat(deliver()).isInstanceOf(Retryable.class);
  }

  @Test
  void aTokenServerThatRecoversIsAskedAgain() {
    google.behave(VendorBehaviour.CUTS);
    assertThat(deliver()).isInstanceOf(Retryable.class);
    google.behave(VendorBehaviour.ACCEPTS);

    assertThat(deliver()).isInstanceOf(Accepted.class);
  }

  @Test
  void waitingForATokenEndsWithAnInterruption() throws Exception {
    google.behave(VendorBehaviour.HANGS);
    AtomicReference<Outcome> outcome = new AtomicReference<>();
    Thread caller = new Thread(() -> outcome.set(deliver()));
    caller.start();
    google.takeRequest();

    caller.interrupt();
    caller.join();

    assertThat(outcome).hasValue(Outcome.retryable("not sent: interrupted"));
  }

  @Test
  void aClosedProviderIsRetryable() {
    provider.close();

    assertThat(deliver()).isInstanceOf(Retryable.class);
    assertThat(google.requests()).isEmpty();
  }

  private FcmProvider provider(Duration readTimeout) {
    return FcmProvider.builder()
        .serviceAccount(ServiceAccounts.json(google.url()))
        .baseUrl(fcm.url())
        .connectTimeout(Duration.ofMillis(200))
        .readTimeout(readTimeout)
        .clock(now::get)
        .build();
  }

  private Response newToken(Request request) {
    int number = issued.incrementAndGet();
    return Response.json(
        200,
        """
        {"access_token": "token-%d", "expires_in": %d, "token_type": "Bearer"}"""
            .formatted(number, 3600 * number));
  }

  private static Function<Request, Response> refusing(String token) {
    return request ->
        ("Bearer " + token).equals(request.headers().get("authorization"))
            ? BARE_401
            : FcmFixture.TAKEN;
  }

  private Outcome deliver() {
    return provider.deliver(
        FcmFixture.message(FcmFixture.CONTENT, Priority.NORMAL, now.get().plusSeconds(60)));
  }

  private List<Outcome> deliverTogether(int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(
            pool.submit(
                () -> {
                  start.await(30, TimeUnit.SECONDS);
                  return deliver();
                }));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> future : futures) {
        outcomes.add(future.get(30, TimeUnit.SECONDS));
      }
      return outcomes;
    } finally {
      pool.shutdownNow();
    }
  }

  private void advance(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }

  private List<String> usedTokens() {
    return fcm.requests().stream()
        .map(request -> request.headers().get("authorization").replace("Bearer ", ""))
        .toList();
  }
}
