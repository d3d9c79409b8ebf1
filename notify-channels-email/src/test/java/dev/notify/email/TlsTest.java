package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.notify.model.Outcome;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Protection of the connection and log-in, with real servers. */
@Timeout(60)
class TlsTest {

  static {
    // GreenMail's own certificate does not name the host it runs on; this one does.
    System.setProperty("greenmail.tls.keystore.file", TestTls.KEY_STORE.toString());
    System.setProperty("greenmail.tls.keystore.password", TestTls.PASSWORD);
  }

  private final List<String> received = new CopyOnWriteArrayList<>();

  @Test
  void startTlsWithLogIn() throws Exception {
    SMTPServer server = startTlsServer();
    try (SmtpProvider provider =
        startTls(server.getPortAllocated()).password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Accepted.class);
      assertThat(received).hasSize(1);
    } finally {
      server.stop();
    }
  }

  @Test
  void aWrongPasswordIsAMistakeOfTheAccount() throws Exception {
    SMTPServer server = startTlsServer();
    try (SmtpProvider provider =
        startTls(server.getPortAllocated()).password("wrong-one").build()) {
      Outcome outcome = provider.deliver(Mails.message());

      assertThat(outcome).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(outcome.cause()).contains("535").doesNotContain("wrong-one");
      assertThat(received).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void startTlsWithACertificateThatNobodyTrustsIsRefused() throws Exception {
    SMTPServer server = startTlsServer();
    try (SmtpProvider provider =
        tls(server.getPortAllocated(), TlsMode.STARTTLS).username("u").password("p").build()) {
      assertThat(provider.deliver(Mails.message()).cause()).startsWith("no TLS with the relay");
      assertThat(received).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void startTlsWithACertificateOfAnotherHostIsRefused() throws Exception {
    SMTPServer server = startTlsServer();
    try (SmtpProvider provider =
        startTls(server.getPortAllocated()).host("127.0.0.1").password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(received).isEmpty();
    } finally {
      server.stop();
    }
  }

  @Test
  void aRelayWithoutStartTlsLearnsNeitherPasswordNorMail() throws Exception {
    try (ScriptedRelay relay = new ScriptedRelay();
        SmtpProvider provider = startTls(relay.port()).password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message()))
          .isEqualTo(Outcome.misconfigured("the relay does not offer STARTTLS"));
      assertThat(relay.commands).allMatch(command -> command.startsWith("EHLO"));
    }
  }

  @Test
  void aRelayWithoutEhloLearnsNeitherPasswordNorMail() throws Exception {
    try (ScriptedRelay relay = new ScriptedRelay().answer("EHLO", "502 what");
        SmtpProvider provider = startTls(relay.port()).password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(relay.commands).allMatch(command -> command.matches("(EHLO|HELO) .*"));
    }
  }

  @Test
  void aRelayThatCannotDoTlsJustNowIsTriedAgainLater() throws Exception {
    try (ScriptedRelay relay =
            offering("STARTTLS").answer("STARTTLS", "454 4.7.0 TLS not available");
        SmtpProvider provider = startTls(relay.port()).password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Retryable.class);
      assertThat(relay.count("AUTH")).isZero();
    }
  }

  @Test
  void aRelayThatOffersTlsAndThenRefusesItIsAMistake() throws Exception {
    try (ScriptedRelay relay = offering("STARTTLS").answer("STARTTLS", "502 5.5.1 not really");
        SmtpProvider provider = startTls(relay.port()).password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(relay.count("AUTH")).isZero();
    }
  }

  @Test
  void aRelayThatAnswersTheHandshakeInClearIsAMistake() throws Exception {
    try (ScriptedRelay relay =
            offering("STARTTLS").answer("STARTTLS", "220 ready\r\n250 injected");
        SmtpProvider provider = startTls(relay.port()).password(Mails.PASSWORD).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(relay.count("AUTH")).isZero();
    }
  }

  @Test
  void implicitTlsAtAPortThatSpeaksInClearIsAMistake() throws Exception {
    try (ScriptedRelay relay = new ScriptedRelay();
        SmtpProvider provider = tls(relay.port(), TlsMode.IMPLICIT).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
    }
  }

  @Test
  void aRelayWithoutLogInIsNotUsedWithoutLogIn() throws Exception {
    try (ScriptedRelay relay = offering("8BITMIME");
        SmtpProvider provider = Mails.plain(relay.port()).username("u").password("p").build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(relay.count("MAIL")).isZero();
    }
  }

  @Test
  void aRelayWithOtherWaysToLogInIsAMistake() throws Exception {
    try (ScriptedRelay relay = offering("AUTH CRAM-MD5 XOAUTH2");
        SmtpProvider provider = Mails.plain(relay.port()).username("u").password("p").build()) {
      assertThat(provider.deliver(Mails.message()))
          .isEqualTo(
              Outcome.misconfigured("the relay offers no log-in that we know (PLAIN, LOGIN)"));
    }
  }

  @Test
  void implicitTls() {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
    server.start();
    try (SmtpProvider provider =
        tls(server.getSmtps().getPort(), TlsMode.IMPLICIT)
            .sslSocketFactory(TestTls.trusting())
            .build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Accepted.class);
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Accepted.class);
      assertThat(server.getReceivedMessages()).hasSize(2);
    } finally {
      server.stop();
    }
  }

  @Test
  void implicitTlsWithACertificateThatNobodyTrustsIsRefused() {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
    server.start();
    try (SmtpProvider provider = tls(server.getSmtps().getPort(), TlsMode.IMPLICIT).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Misconfigured.class);
      assertThat(server.getReceivedMessages()).isEmpty();
    } finally {
      server.stop();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTTLS", "IMPLICIT"})
  void interruptionEndsACallThroughTlsToo(TlsMode mode) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    SMTPServer.Builder settings = SMTPServer.port(0).bindAddress(InetAddress.getLoopbackAddress());
    if (mode == TlsMode.STARTTLS) {
      settings.requireTLS().startTlsSocketFactory(TestTls.server());
    } else {
      settings.serverSocketFactory(TestTls.server());
    }
    SMTPServer server =
        settings
            .messageHandler(
                (context, from, to, data) -> {
                  arrived.countDown();
                  awaitQuietly(release);
                })
            .build();
    server.start();
    try (SmtpProvider provider =
        tls(server.getPortAllocated(), mode)
            .sslSocketFactory(TestTls.trusting())
            .readTimeout(Duration.ofMinutes(10))
            .build()) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Thread caller = new Thread(() -> outcome.complete(provider.deliver(Mails.message())));
      caller.start();
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

      caller.interrupt();

      assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Unknown.class);
    } finally {
      release.countDown();
      server.stop();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ScriptedRelay offering(String extension) {
    return new ScriptedRelay().answer("EHLO", "250-relay\r\n250 " + extension);
  }

  private static SmtpProviderBuilder startTls(int port) {
    return tls(port, TlsMode.STARTTLS)
        .username(Mails.USERNAME)
        .sslSocketFactory(TestTls.trusting());
  }

  private static SmtpProviderBuilder tls(int port, TlsMode mode) {
    return Mails.plain(port).host("localhost").tls(mode);
  }

  private SMTPServer startTlsServer() {
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .requireTLS()
            .requireAuth()
            .startTlsSocketFactory(TestTls.server())
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory(
                    (user, password, context) -> {
                      if (!user.equals(Mails.USERNAME) || !password.equals(Mails.PASSWORD)) {
                        throw new LoginFailedException();
                      }
                    }))
            .messageHandler((context, from, to, data) -> received.add(to))
            .build();
    server.start();
    return server;
  }
}
