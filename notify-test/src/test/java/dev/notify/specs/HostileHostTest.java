package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.DEAD;
import static dev.notify.model.DeliveryStatus.PENDING;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.UNCONFIRMED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Attempt;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Lane;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Providers, listeners, executors and directories that misbehave. */
class HostileHostTest {

  private final Stage stage = new Stage();

  static List<Function<OutboundMessage, Outcome>> faults() {
    return List.of(
        message -> {
          throw new IllegalStateException("jane@example.com is in this text");
        },
        message -> {
          throw new StackOverflowError();
        },
        message -> {
          throw new NoClassDefFoundError("gone");
        },
        message -> nothing());
  }

  @SuppressWarnings("NullAway") // what a provider without nullness checks can do
  private static Outcome nothing() {
    return null;
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aProviderThatThrowsOrAnswersNullLeavesUsInDoubtAndHarmsNobodyElse(
      Function<OutboundMessage, Outcome> fault) {
    stage.email.nextDoes(fault);
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL, SMS).build());
      var next = dispatcher.send(hello().build());

      assertThat(dispatcher, receipt)
          .on(EMAIL)
          .is(UNCONFIRMED)
          .because(Reason.HELD)
          .on(SMS)
          .is(SENT);
      assertThat(Stage.record(dispatcher, receipt).toString()).doesNotContain("jane@example.com");
      assertThat(dispatcher, next).is(SENT);
    }
  }

  @Test
  void aProviderThatHangsIsInterruptedAtTheTimeout() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    stage.email.nextDoes(
        message -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
          return Outcome.accepted("too late");
        });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .attemptTimeout(Duration.ofMillis(50))
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      var receipt = dispatcher.send(hello().build());
      receipt.outcome().get(20, TimeUnit.SECONDS);

      assertThat(dispatcher, receipt).is(UNCONFIRMED).because(Reason.HELD);
      assertThat(interrupted).isTrue();
      var next = dispatcher.send(hello().build());
      next.outcome().get(20, TimeUnit.SECONDS);
      assertThat(dispatcher, next).is(SENT);
    }
  }

  @Test
  void theTimeoutGoesByTheDispatchersClock() {
    stage.email.nextDoes(
        message -> {
          stage.clock.advance(Duration.ofMinutes(5));
          return Outcome.accepted("too late");
        });
    try (var dispatcher = stage.builder().attemptTimeout(Duration.ofMinutes(4)).build()) {
      assertThat(dispatcher, dispatcher.send(hello().build())).is(UNCONFIRMED).because(Reason.HELD);
    }
  }

  @Test
  void aProviderThatInterruptsItsThreadHarmsNobodyElse() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    stage.email.alwaysDoes(
        message -> {
          Thread.currentThread().interrupt();
          return Outcome.accepted("id");
        });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .executor(one)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      for (int i = 0; i < 10; i++) {
        var receipt = dispatcher.send(hello().build());
        receipt.outcome().get(20, TimeUnit.SECONDS);
        assertThat(dispatcher, receipt).is(SENT);
      }
      assertThat(CompletableFuture.supplyAsync(Thread::interrupted, one).get()).isFalse();
    } finally {
      one.shutdown();
    }
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    List<DeliveryEvent.Type> heard = new ArrayList<>();
    try (var dispatcher =
        stage
            .builder()
            .listener(
                event -> {
                  throw new IllegalStateException("a broken listener");
                })
            .listener(event -> heard.add(event.type()))
            .build()) {
      var receipt = dispatcher.send(hello().build());

      assertThat(dispatcher, receipt).is(SENT);
      assertThat(heard)
          .containsExactly(
              DeliveryEvent.Type.PENDING, DeliveryEvent.Type.SENDING, DeliveryEvent.Type.SENT);
    }
  }

  @Test
  void metricsThatThrowNeitherStopNorRepeatADelivery() {
    MetricsListener broken =
        new MetricsListener() {
          @Override
          public void onStart(Lane lane, Duration waited) {
            throw new IllegalStateException("cannot time");
          }

          @Override
          public void onAttempt(Lane lane, Attempt attempt) {
            throw new IllegalStateException("cannot count");
          }

          @Override
          public void onHostFailure(String where) {
            throw new IllegalStateException("cannot count that either");
          }
        };
    try (var dispatcher =
        stage
            .builder()
            .metrics(broken)
            .listener(
                event -> {
                  throw new IllegalStateException("a broken listener");
                })
            .build()) {
      var receipt = dispatcher.send(hello().build());
      stage.pass(Duration.ofDays(1));

      assertThat(dispatcher, receipt).is(SENT).afterCalls(1);
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  static List<Throwable> refusals() {
    return List.of(
        new RejectedExecutionException("full"),
        new IllegalStateException("shut down"),
        new OutOfMemoryError("unable to create native thread"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void anExecutorThatRefusesWorkIsAskedAgainLater(Throwable refusal) {
    AtomicInteger refusals = new AtomicInteger(40);
    try (var dispatcher =
        stage
            .builder()
            .executor(
                task -> {
                  if (refusals.getAndDecrement() > 0) {
                    throwUnchecked(refusal);
                  }
                  stage.clock.executor().execute(task);
                })
            .build()) {
      var receipt = dispatcher.send(hello().build());
      assertThat(stage.email.calls()).isZero();

      stage.pass(Duration.ofSeconds(10));

      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  private static void throwUnchecked(Throwable refusal) {
    if (refusal instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) refusal;
  }

  @Test
  void anExecutorThatRejectsAFloodIsAskedAgainOnceForAll() {
    AtomicInteger refused = new AtomicInteger();
    AtomicBoolean full = new AtomicBoolean(true);
    try (var dispatcher =
        stage
            .builder()
            .executor(
                task -> {
                  if (full.get()) {
                    refused.incrementAndGet();
                    throw new RejectedExecutionException("full");
                  }
                  stage.clock.executor().execute(task);
                })
            .build()) {
      for (int i = 0; i < 100; i++) {
        dispatcher.send(hello().build());
      }
      refused.set(0);

      stage.pass(Duration.ofSeconds(1));

      assertThat(refused).as("five times a second").hasValue(5);
      full.set(false);
      stage.pass(Duration.ofSeconds(1));
      assertThat(stage.email.calls()).isEqualTo(100);
    }
  }

  @Test
  void aDirectoryThatFailsAtDeliveryIsAskedAgainAndGivenUpInTheEnd() {
    AtomicBoolean down = new AtomicBoolean();
    try (var dispatcher =
        stage
            .builder()
            .recipients(
                id -> {
                  if (down.get()) {
                    throw new IllegalStateException("directory down");
                  }
                  return Optional.of(Stage.JANE);
                })
            .build()) {
      var passing =
          dispatcher.schedule(hello().build(), stage.clock.instant().plus(Duration.ofHours(1)));
      down.set(true);
      stage.pass(Duration.ofHours(1));
      assertThat(dispatcher, passing).is(PENDING).because(Reason.RETRY);

      down.set(false);
      stage.pass(Duration.ofMinutes(1));
      assertThat(dispatcher, passing).is(SENT).afterCalls(1);

      var hopeless =
          dispatcher.schedule(hello().build(), stage.clock.instant().plus(Duration.ofHours(1)));
      down.set(true);
      stage.pass(Duration.ofDays(2));
      assertThat(dispatcher, hopeless).is(DEAD).because(Reason.ATTEMPTS_USED_UP);
    }
  }
}
