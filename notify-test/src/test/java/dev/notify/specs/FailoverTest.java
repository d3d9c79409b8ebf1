package dev.notify.specs;

import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.PENDING;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Attempt;
import dev.notify.model.Decision;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.PolicyRequest;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailoverTest {

  private final Stage stage = new Stage();
  private final RecordingProvider first = RecordingProvider.of(SMS, "first");
  private final RecordingProvider second = RecordingProvider.of(SMS, "second");
  private final Notification text = hello().channels(SMS).build();

  private DispatcherBuilder chain() {
    return stage.bare().provider(first).provider(second);
  }

  static List<Outcome> faultsOfTheProvider() {
    return List.of(
        Outcome.retryable("503"),
        Outcome.throttled("429", Duration.ofMinutes(1)),
        Outcome.misconfigured("wrong password"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheProvider")
  void aFaultOfTheProviderLeadsOnToTheNext(Outcome fault) {
    first.next(fault);
    try (var dispatcher = chain().build()) {
      var receipt = dispatcher.send(text);

      assertThat(dispatcher, receipt).is(SENT).by("second").afterCalls(2);
    }
  }

  static List<Outcome> wordsAboutTheMessage() {
    return List.of(
        Outcome.rejected("spam"), Outcome.invalidAddress("unknown"), Outcome.unknown("no answer"));
  }

  @ParameterizedTest
  @MethodSource("wordsAboutTheMessage")
  void aWordAboutTheMessageIsFinal(Outcome word) {
    first.next(word);
    try (var dispatcher = chain().build()) {
      dispatcher.send(text);

      assertThat(second.calls()).as("never sent twice, nor refused twice").isZero();
    }
  }

  @Test
  void theChainIsWalkedAgainAfterAllHaveFailed() {
    first.next(Outcome.retryable("503"));
    second.next(Outcome.retryable("503"));
    try (var dispatcher = chain().build()) {
      var receipt = dispatcher.send(text);
      assertThat(dispatcher, receipt).is(PENDING).because(Reason.RETRY);

      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher, receipt).is(SENT).by("first").afterCalls(3);
    }
  }

  @Test
  void anAddressThatTheFirstCannotUseGoesToTheSecond() {
    first.checking(address -> Optional.of("not mine"));
    try (var dispatcher = chain().build()) {
      assertThat(dispatcher, dispatcher.send(text)).is(SENT).by("second").afterCalls(1);
    }
  }

  @Test
  void anOpenBreakerSparesTheProviderUntilItHasRested() {
    first.always(Outcome.retryable("503"));
    List<String> states = new ArrayList<>();
    MetricsListener metrics =
        new MetricsListener() {
          @Override
          public void onBreaker(String provider, String state) {
            states.add(provider + " " + state);
          }
        };
    try (var dispatcher =
        chain().circuitBreaker(3, Duration.ofMinutes(1)).metrics(metrics).build()) {
      for (int i = 0; i < 10; i++) {
        assertThat(dispatcher, dispatcher.send(text)).is(SENT).by("second");
      }
      assertThat(first.calls()).as("calls before the breaker opened").isLessThanOrEqualTo(6);
      int before = first.calls();

      first.always(Outcome.accepted("id"));
      stage.pass(Duration.ofMinutes(1));
      for (int i = 0; i < 3; i++) {
        assertThat(dispatcher, dispatcher.send(text)).is(SENT).by("first");
      }

      assertThat(first.calls()).isEqualTo(before + 3);
      assertThat(states).containsExactly("first open", "first half-open", "first closed");
    }
  }

  /** One call in twenty fails always and everywhere; at 5 of 10 that would open it now and then. */
  @Test
  void chanceAloneOpensNoBreaker() {
    Random random = new Random(11);
    first.alwaysDoes(
        message -> random.nextInt(20) == 0 ? Outcome.retryable("503") : Outcome.accepted("id"));
    List<String> states = new ArrayList<>();
    MetricsListener metrics =
        new MetricsListener() {
          @Override
          public void onBreaker(String provider, String state) {
            states.add(state);
          }
        };
    try (var dispatcher = chain().metrics(metrics).build()) {
      for (int i = 0; i < 100_000; i++) {
        dispatcher.send(text);
      }
    }

    assertThat(first.calls()).isGreaterThanOrEqualTo(100_000);
    assertThat(states).isEmpty();
  }

  static List<Outcome> faultsOfOneAddress() {
    return List.of(
        Outcome.retryable("mailbox full").ofThisAddressOnly(),
        Outcome.unknown("their server hung up").ofThisAddressOnly());
  }

  @ParameterizedTest
  @MethodSource("faultsOfOneAddress")
  void aFaultOfOneAddressDoesNotOpenTheBreaker(Outcome fault) {
    List<String> states = new ArrayList<>();
    MetricsListener metrics =
        new MetricsListener() {
          @Override
          public void onBreaker(String provider, String state) {
            states.add(state);
          }
        };
    first.always(fault);
    try (var dispatcher =
        stage
            .bare()
            .provider(first)
            .circuitBreaker(1, Duration.ofMinutes(1))
            .metrics(metrics)
            .build()) {
      for (int i = 0; i < 10; i++) {
        dispatcher.send(text);
      }

      assertThat(first.calls()).isEqualTo(10);
      assertThat(states).isEmpty();
    }
  }

  @Test
  void wrongCredentialsOpenTheBreakerRaiseAnAlarmAndBurnNoAttempt() {
    first.always(Outcome.misconfigured("wrong password"));
    List<String> alarms = new ArrayList<>();
    MetricsListener metrics =
        new MetricsListener() {
          @Override
          public void onMisconfigured(String provider, String cause) {
            alarms.add(provider + ": " + cause);
          }
        };
    try (var dispatcher =
        stage
            .bare()
            .provider(first)
            .circuitBreaker(5, Duration.ofMinutes(1))
            .metrics(metrics)
            .build()) {
      var receipt = dispatcher.send(text);
      var other = dispatcher.send(text);

      assertThat(alarms).containsExactly("first: wrong password");
      assertThat(dispatcher, receipt).is(PENDING).because(Reason.PROVIDER_BUSY);
      assertThat(dispatcher, other).is(PENDING).afterCalls(0);
      assertThat(Stage.only(dispatcher, receipt).attempts()).isZero();

      first.always(Outcome.accepted("id"));
      stage.pass(Duration.ofMinutes(2));
      assertThat(dispatcher, receipt).is(SENT);
      assertThat(dispatcher, other).is(SENT);
    }
  }

  @Test
  void everyAttemptIsOnRecord() {
    first.next(Outcome.retryable("503"));
    try (var dispatcher = chain().build()) {
      var receipt = dispatcher.send(text);
      var record = Stage.record(dispatcher, receipt);

      assertThat(record.attempts(record.deliveries().get(0).id()))
          .extracting(Attempt::provider, attempt -> attempt.outcome().getClass().getSimpleName())
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("first", "Retryable"),
              org.assertj.core.groups.Tuple.tuple("second", "Accepted"));
    }
  }

  @Test
  void whatWaitedForAProviderGoesOnToTheNextWhenItRests() throws Exception {
    CountDownLatch allHaveBeenDecided = new CountDownLatch(4);
    first.nextDoes(
        message -> {
          await(allHaveBeenDecided);
          return Outcome.throttled("slow down", Duration.ofHours(1));
        });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(first)
            .provider(second)
            .inFlight(1)
            .policy(
                request -> {
                  if (request.stage() == PolicyRequest.Stage.DELIVERY) {
                    allHaveBeenDecided.countDown();
                  }
                  return Decision.ALLOW;
                })
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      List<SendReceipt> receipts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        receipts.add(dispatcher.send(text));
      }

      for (SendReceipt receipt : receipts) {
        receipt.outcome().get(20, TimeUnit.SECONDS);
        assertThat(dispatcher, receipt).is(SENT).by("second");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
