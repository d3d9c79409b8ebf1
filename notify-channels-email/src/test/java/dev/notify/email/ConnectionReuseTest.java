package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionReuseTest {

  private final ScriptedRelay relay = new ScriptedRelay();
  private final MovableClock clock = new MovableClock();

  @AfterEach
  void closeRelay() throws IOException {
    relay.close();
  }

  @Test
  void aHundredMessagesOneAfterTheOtherTakeOneConnection() {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 100);
    }

    assertThat(relay.connections).hasValue(1);
    assertThat(relay.mails).hasSize(100);
  }

  @Test
  void fiftyThreadsShareFourConnections() throws Exception {
    // One of the four may be the luckiest all the time; it must not be replaced for that.
    try (SmtpProvider provider = plain().maxMessagesPerConnection(300).build()) {
      ExecutorService threads = Executors.newFixedThreadPool(50);
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        outcomes.add(threads.submit(() -> provider.deliver(Mails.message())));
      }
      for (Future<Outcome> outcome : outcomes) {
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Accepted.class);
      }
      threads.shutdown();
    }

    assertThat(relay.connections.get()).isBetween(1, 4);
    assertThat(relay.mails).hasSize(300);
  }

  @Test
  void aConnectionIsReplacedAfterItsShareOfMessages() {
    try (SmtpProvider provider = plain().maxMessagesPerConnection(10).build()) {
      deliverAccepted(provider, 25);
    }

    assertThat(relay.connections).hasValue(3);
  }

  @Test
  void aConnectionThatRestedTooLongIsReplaced() throws Exception {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 1);
      clock.move(Duration.ofSeconds(30));
      deliverAccepted(provider, 1);
    }

    relay.await("QUIT");
    assertThat(relay.connections).hasValue(2);
    assertThat(relay.count("NOOP")).isZero();
  }

  @Test
  void anOldConnectionIsReplacedThoughItNeverRested() {
    try (SmtpProvider provider = provider()) {
      for (int i = 0; i < 16; i++) {
        deliverAccepted(provider, 1);
        clock.move(Duration.ofSeconds(20));
      }
    }

    assertThat(relay.connections).hasValue(2);
  }

  @Test
  void aConnectionThatRestedIsAskedWhetherItWorks() {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 1);
      clock.move(Duration.ofSeconds(5));
      deliverAccepted(provider, 1);
    }

    assertThat(relay.connections).hasValue(1);
    assertThat(relay.count("NOOP")).isOne();
  }

  @Test
  void aRestingConnectionThatTheRelayClosedIsReplacedUnnoticed() throws Exception {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 1);
      relay.dropConnections();
      clock.move(Duration.ofSeconds(5));
      deliverAccepted(provider, 1);
    }

    assertThat(relay.connections).hasValue(2);
  }

  @Test
  void aConnectionClosedRightAfterAMessageIsReplacedUnnoticed() throws Exception {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 1);
      relay.dropConnections();
      deliverAccepted(provider, 1);
    }

    assertThat(relay.connections).hasValue(2);
    assertThat(relay.mails).hasSize(2);
  }

  @Test
  void aRelayThatHasHadEnoughOfAConnectionGetsAnother() {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 1);
      relay.answer("MAIL", "421 4.7.0 too many messages in this session");

      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Throttled.class);
      assertThat(relay.connections).hasValue(2);

      relay.answer("MAIL", "250 ok");
      deliverAccepted(provider, 1);
      assertThat(relay.connections).hasValue(3);
    }
  }

  @Test
  void aConnectionLostAfterTheSenderWasNamedIsNotTriedAgain() {
    try (SmtpProvider provider = provider()) {
      deliverAccepted(provider, 1);
      relay.answer("RCPT", ScriptedRelay.CUT);

      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Retryable.class);
      assertThat(relay.connections).hasValue(1);
    }
  }

  @Test
  void aRefusalLeavesTheConnectionInUse() {
    try (SmtpProvider provider = provider()) {
      relay.answer("RCPT", "550 5.1.1 no such user");
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.InvalidAddress.class);
      relay.answer("RCPT", "250 ok");
      relay.answer(".", "554 5.7.1 spam");
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Rejected.class);
      relay.answer(".", "250 ok");
      deliverAccepted(provider, 1);
    }

    assertThat(relay.connections).hasValue(1);
    assertThat(relay.count("RSET")).isEqualTo(2);
  }

  @Test
  void closingDropsTheConnection() {
    try (SmtpProvider provider = provider()) {
      relay.answer("RCPT", "421 4.3.2 closing");
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Throttled.class);
      relay.answer("RCPT", "250 ok");
      deliverAccepted(provider, 1);
    }

    assertThat(relay.connections).hasValue(2);
  }

  @Test
  void aMessageThatFindsNoFreeConnectionInTimeIsHeldBack() throws Exception {
    relay.answer(".", ScriptedRelay.SILENCE);
    try (SmtpProvider provider =
        plain().maxConnections(1).borrowTimeout(Duration.ofMillis(50)).build()) {
      ExecutorService other = Executors.newSingleThreadExecutor();
      Future<Outcome> first = other.submit(() -> provider.deliver(Mails.message()));
      relay.await(".");

      assertThat(provider.deliver(Mails.message()))
          .isEqualTo(Outcome.throttled("all 1 connections are in use", Duration.ofSeconds(1)));

      relay.close();
      first.get(30, TimeUnit.SECONDS);
      other.shutdown();
    }
  }

  @Test
  void aQuietProviderClosesItsConnectionsByItself() throws Exception {
    try (SmtpProvider provider =
        plain().clock(java.time.InstantSource.system()).maxIdle(Duration.ofMillis(20)).build()) {
      deliverAccepted(provider, 1);

      relay.await("QUIT");
    }
  }

  @Test
  void aClosedProviderSaysGoodbyeAndSendsNoMore() throws Exception {
    SmtpProvider provider = provider();
    deliverAccepted(provider, 1);

    provider.close();

    relay.await("QUIT");
    assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Retryable.class);
    assertThat(relay.connections).hasValue(1);
  }

  private SmtpProviderBuilder plain() {
    return Mails.plain(relay.port()).clock(clock);
  }

  private SmtpProvider provider() {
    return plain().build();
  }

  private static void deliverAccepted(SmtpProvider provider, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Accepted.class);
    }
  }
}
