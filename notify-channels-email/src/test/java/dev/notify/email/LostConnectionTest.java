package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the dialogue stood when the connection was lost decides what is known of the message. */
@Timeout(60)
class LostConnectionTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration NEVER = Duration.ofMinutes(10);

  private final ScriptedRelay relay = new ScriptedRelay();

  @AfterEach
  void closeRelay() throws IOException {
    relay.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
  void aCutBeforeTheContentIsRetryable(String moment) {
    relay.answer(moment, ScriptedRelay.CUT);

    assertThat(deliver(Duration.ofSeconds(20))).isInstanceOf(Outcome.Retryable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
  void silenceBeforeTheContentIsRetryable(String moment) {
    relay.answer(moment, ScriptedRelay.SILENCE);

    assertThat(deliver(SHORT)).isInstanceOf(Outcome.Retryable.class);
  }

  @Test
  void aCutWhileTheContentIsOnItsWayIsRetryable() {
    relay.answer("CONTENT", ScriptedRelay.CUT);

    try (SmtpProvider provider = provider(Duration.ofSeconds(20))) {
      assertThat(provider.deliver(longMessage())).isInstanceOf(Outcome.Retryable.class);
    }
  }

  @Test
  void aRelayThatStopsReadingTheContentIsRetryable() {
    relay.answer("CONTENT", ScriptedRelay.SILENCE);

    try (SmtpProvider provider = plain(NEVER).writeTimeout(SHORT).build()) {
      assertThat(provider.deliver(longMessage())).isInstanceOf(Outcome.Retryable.class);
    }
  }

  @Test
  void aCutAfterTheDotIsUnknown() {
    relay.answer(".", ScriptedRelay.CUT);

    assertThat(deliver(Duration.ofSeconds(20))).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void silenceAfterTheDotIsUnknown() {
    relay.answer(".", ScriptedRelay.SILENCE);

    assertThat(deliver(SHORT)).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void anAnswerThatTricklesInForEverIsCutOffAsAWhole() {
    relay.answer(".", ScriptedRelay.DRIP);

    assertThat(deliver(SHORT)).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aGreetingWithoutEndIsCutOff() {
    relay.answer("CONNECT", ScriptedRelay.FLOOD);

    assertThat(deliver(Duration.ofSeconds(20))).isInstanceOf(Outcome.Retryable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
  void interruptionBeforeTheContentEndsTheCallAsRetryable(String moment) throws Exception {
    relay.answer(moment, ScriptedRelay.SILENCE);

    assertThat(interruptAt(moment, Mails.message())).isInstanceOf(Outcome.Retryable.class);
  }

  @Test
  void interruptionWhileTheContentIsOnItsWayIsRetryable() throws Exception {
    relay.answer("CONTENT", ScriptedRelay.SILENCE);

    assertThat(interruptAt("CONTENT", longMessage())).isInstanceOf(Outcome.Retryable.class);
  }

  @Test
  void interruptionAfterTheDotIsUnknown() throws Exception {
    relay.answer(".", ScriptedRelay.SILENCE);

    assertThat(interruptAt(".", Mails.message())).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void interruptionWhileWaitingForAConnectionIsRetryable() throws Exception {
    relay.answer(".", ScriptedRelay.SILENCE);
    try (SmtpProvider provider = plain(NEVER).maxConnections(1).borrowTimeout(NEVER).build()) {
      CompletableFuture<Outcome> first =
          CompletableFuture.supplyAsync(() -> provider.deliver(Mails.message()));
      relay.await(".");

      assertThat(interruptOnceStarted(provider)).isInstanceOf(Outcome.Retryable.class);

      relay.answer(".", "250 ok");
      relay.close();
      first.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aThreadThatIsInterruptedAlreadySendsNothing() {
    try (SmtpProvider provider = provider(NEVER)) {
      Thread.currentThread().interrupt();
      Outcome outcome = provider.deliver(Mails.message());

      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome).isInstanceOf(Outcome.Retryable.class);
      assertThat(relay.mails).isEmpty();
    }
  }

  @Test
  void nobodyListeningIsRetryable() throws IOException {
    relay.refuseConnections();

    assertThat(deliver(SHORT)).isInstanceOf(Outcome.Retryable.class);
  }

  @Test
  void aRelayThatAcceptsNoConnectionIsRetryable() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SmtpProvider provider = Mails.plain(deaf.getLocalPort()).readTimeout(SHORT).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Retryable.class);
    }
  }

  @Test
  void aHostNameThatNeverResolvesIsAMistakeInTheEnd() {
    try (SmtpProvider provider = Mails.plain(25).host("relay.invalid").build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Retryable.class);
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Retryable.class);
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
    }
  }

  private Outcome deliver(Duration readTimeout) {
    try (SmtpProvider provider = provider(readTimeout)) {
      return provider.deliver(Mails.message());
    }
  }

  private SmtpProvider provider(Duration readTimeout) {
    return plain(readTimeout).build();
  }

  private SmtpProviderBuilder plain(Duration readTimeout) {
    return Mails.plain(relay.port())
        .username(Mails.USERNAME)
        .password(Mails.PASSWORD)
        .readTimeout(readTimeout)
        .maxMessageBytes(100_000_000);
  }

  private static OutboundMessage longMessage() {
    // More than the buffers of both sides hold, so that writing blocks or fails before the dot.
    String body = "A line of text that is repeated very often.\n".repeat(200_000);
    return Mails.message(Content.builder().title("Long").body(body).build());
  }

  private Outcome interruptAt(String moment, OutboundMessage message) throws Exception {
    try (SmtpProvider provider = plain(NEVER).writeTimeout(NEVER).build()) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread caller = deliverOnItsOwn(provider, message, outcome);
      relay.await(moment);
      caller.interrupt();
      return outcome.get(30, TimeUnit.SECONDS);
    }
  }

  private static Outcome interruptOnceStarted(SmtpProvider provider) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    deliverOnItsOwn(provider, Mails.message(), outcome).interrupt();
    return outcome.get(30, TimeUnit.SECONDS);
  }

  private static Thread deliverOnItsOwn(
      SmtpProvider provider, OutboundMessage message, CompletableFuture<Outcome> outcome) {
    Thread caller =
        new Thread(
            () -> {
              Outcome result = provider.deliver(message);
              if (Thread.currentThread().isInterrupted()) {
                outcome.complete(result);
              } else {
                outcome.completeExceptionally(new AssertionError("the interrupt flag was lost"));
              }
            });
    caller.setDaemon(true);
    caller.start();
    return caller;
  }
}
