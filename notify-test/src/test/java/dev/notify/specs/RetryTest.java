package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.DeliveryStatus.DEAD;
import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.PENDING;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.routing.RetryPolicy;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {

  private static final RetryPolicy EXACT = RetryPolicy.DEFAULT.withJitter(0);

  private final Stage stage = new Stage();

  @Test
  void theDelayDoublesUpToItsBound() {
    List<Instant> calls = new ArrayList<>();
    stage.email.alwaysDoes(
        message -> {
          calls.add(stage.clock.instant());
          return Outcome.retryable("down");
        });
    RetryPolicy policy =
        EXACT.withDelays(Duration.ofSeconds(10), Duration.ofSeconds(60)).withMaxAttempts(6);
    try (var dispatcher =
        stage.builder().retry(policy).circuitBreaker(100, Duration.ofSeconds(1)).build()) {
      var receipt = dispatcher.send(hello().build());
      assertThat(dispatcher, receipt).is(PENDING).because(Reason.RETRY);

      stage.pass(Duration.ofMinutes(10));

      Instant start = Instant.parse(Stage.START);
      assertThat(calls)
          .extracting(call -> Duration.between(start, call).toSeconds())
          .containsExactly(0L, 10L, 30L, 70L, 130L, 190L);
      assertThat(dispatcher, receipt).is(DEAD).because(Reason.ATTEMPTS_USED_UP).afterCalls(6);
    }
  }

  @Test
  void nobodyComesBackEarlierThanTheProviderAsked() {
    stage.email.next(Outcome.retryable("greylisted", Duration.ofMinutes(5)));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());

      stage.pass(Duration.ofMinutes(5).minusMillis(1));
      assertThat(stage.email.calls()).isEqualTo(1);

      stage.pass(Duration.ofMillis(1));
      assertThat(dispatcher, receipt).is(SENT).afterCalls(2);
    }
  }

  @Test
  void chanceOnlyAddsToADelay() {
    List<Duration> delays = new ArrayList<>();
    stage.email.alwaysDoes(message -> Outcome.retryable("down"));
    RetryPolicy policy =
        RetryPolicy.DEFAULT
            .withDelays(Duration.ofSeconds(10), Duration.ofSeconds(10))
            .withJitter(0.5)
            .withMaxAttempts(2);
    try (var dispatcher =
        stage.builder().retry(policy).circuitBreaker(1000, Duration.ofSeconds(1)).build()) {
      for (int i = 0; i < 100; i++) {
        var receipt = dispatcher.send(hello().build());
        var delivery = Stage.only(dispatcher, receipt);
        delays.add(Duration.between(delivery.updatedAt(), delivery.due()));
      }
    }

    assertThat(delays)
        .allSatisfy(
            delay -> assertThat(delay).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15)));
    assertThat(delays).as("spread").hasSizeGreaterThan(1).doesNotHaveDuplicates();
  }

  @Test
  void throttlingRestsTheProviderForEveryoneAndBurnsNoAttempt() {
    stage.email.next(Outcome.throttled("slow down", Duration.ofMinutes(2)));
    try (var dispatcher = stage.builder().build()) {
      var first = dispatcher.send(hello().build());
      var second = dispatcher.send(hello().build());
      assertThat(dispatcher, first).is(PENDING).because(Reason.PROVIDER_BUSY).afterCalls(1);
      assertThat(dispatcher, second).is(PENDING).because(Reason.PROVIDER_BUSY).afterCalls(0);
      assertThat(Stage.only(dispatcher, first).attempts()).isZero();

      stage.pass(Duration.ofMinutes(2));

      assertThat(dispatcher, first).is(SENT);
      assertThat(dispatcher, second).is(SENT).afterCalls(1);
      assertThat(Stage.only(dispatcher, first).attempts()).isEqualTo(1);
    }
  }

  @Test
  void aPermanentRefusalIsNotTriedAgain() {
    stage.email.always(Outcome.rejected("spam"));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());
      stage.pass(Duration.ofDays(1));

      assertThat(dispatcher, receipt).is(DEAD).because(Reason.REJECTED).afterCalls(1);
    }
  }

  @Test
  void aDeadAddressIsRetiredForAllLaterMessages() {
    stage.email.next(Outcome.invalidAddress("no such mailbox"));
    try (var dispatcher = stage.builder().build()) {
      var first = dispatcher.send(hello().build());
      var second = dispatcher.send(hello().build());

      assertThat(dispatcher, first).is(DEAD).because(Reason.INVALID_ADDRESS);
      assertThat(second.decisions().get(0).decision().toString())
          .contains(Reason.SUPPRESSED_ADDRESS);
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void aRetryThatWouldComeTooLateExpiresAtOnce() {
    stage.email.always(Outcome.retryable("down", Duration.ofHours(2)));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().expiresIn(Duration.ofHours(1)).build());

      assertThat(dispatcher, receipt).is(EXPIRED).because(Reason.EXPIRED).afterCalls(1);
    }
  }

  @Test
  void aLongDelayHoldsNoThread() {
    stage.email.next(Outcome.retryable("down", Duration.ofHours(1)));
    try (var dispatcher = stage.builder().inFlight(1).build()) {
      var waiting = dispatcher.send(hello().build());
      var next = dispatcher.send(hello().build());

      assertThat(dispatcher, waiting).is(PENDING);
      assertThat(dispatcher, next).on(EMAIL).is(SENT);
    }
  }

  @Test
  void theReferenceStaysTheSameOverAllAttempts() {
    stage.email.next(Outcome.retryable("down")).next(Outcome.retryable("down"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      stage.pass(Duration.ofMinutes(1));
    }

    assertThat(stage.email.messages())
        .hasSize(3)
        .extracting(OutboundMessage::reference)
        .containsOnly(stage.email.messages().get(0).reference());
  }
}
