package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.DeliveryStatus.CANCELLED;
import static dev.notify.model.DeliveryStatus.DEAD;
import static dev.notify.model.DeliveryStatus.PENDING;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.UNCONFIRMED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Rate;
import dev.notify.model.Reason;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that share a call, where the vendor takes several in one. */
class BatchTest {

  private final Stage stage = new Stage();
  private final Crowd crowd = new Crowd();
  private final List<SendReceipt> receipts = new ArrayList<>();

  /** Everything on one thread: a send within a call runs until it has to wait for that call. */
  private DispatcherBuilder oneCallAtATime() {
    return stage.bare().executor(Runnable::run).inFlight(1).provider(crowd);
  }

  /** One is under way while these are sent; they can only gather. */
  private void whileOneIsUnderWay(NotificationDispatcher dispatcher, Notification... meanwhile) {
    crowd.during.add(
        () -> {
          for (Notification each : meanwhile) {
            receipts.add(dispatcher.send(each));
          }
        });
    dispatcher.send(hello().build());
  }

  private static Notification[] helloes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> hello().idempotencyKey("k" + i).build())
        .toArray(Notification[]::new);
  }

  private void assertAll(NotificationDispatcher dispatcher, DeliveryStatus status) {
    assertThat(receipts).isNotEmpty();
    receipts.forEach(receipt -> assertThat(dispatcher, receipt).is(status));
  }

  @Test
  void aLoneMessageGoesByItself() {
    try (var dispatcher = oneCallAtATime().build()) {
      dispatcher.send(hello().build());
      dispatcher.send(hello().build());
    }

    assertThat(crowd.sizes()).containsExactly(1, 1);
  }

  @Test
  void thoseWhoComeDuringACallShareTheNext() {
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(dispatcher, helloes(9));

      assertThat(crowd.sizes()).containsExactly(1, 9);
      assertAll(dispatcher, SENT);
      assertThat(crowd.calls.get(1))
          .as("in the order in which they came")
          .extracting(OutboundMessage::notificationId)
          .isEqualTo(receipts.stream().map(SendReceipt::id).toList());
      assertThat(crowd.calls.get(1)).extracting(OutboundMessage::reference).doesNotHaveDuplicates();
    }
  }

  @Test
  void aCallCarriesNoMoreThanTheVendorTakes() {
    crowd.limit = 4;
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(dispatcher, helloes(8));

      assertThat(crowd.sizes()).containsExactly(1, 4, 4);
      assertAll(dispatcher, SENT);
    }
  }

  @Test
  void whatTheVendorCannotTakeTogetherGoesApart() {
    crowd.key = message -> message.content().title().map(Object.class::cast);
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(
          dispatcher,
          hello().title("Red").build(),
          hello().title("Blue").build(),
          hello().title("Red").build());

      assertThat(crowd.titles())
          .containsExactly(List.of("Hello"), List.of("Red", "Red"), List.of("Blue"));
    }
  }

  @Test
  void whatGoesByItselfSharesACallWithNobody() {
    crowd.key = message -> Optional.empty();
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(dispatcher, helloes(3));

      assertThat(crowd.sizes()).containsExactly(1, 1, 1, 1);
    }
  }

  @Test
  void anUrgentMessageWaitsForNoCompanyAndTravelsWithNobodyElse() {
    try (var dispatcher = oneCallAtATime().inFlight(3).build()) {
      crowd.during.add(
          () -> {
            crowd.during.add(
                () -> {
                  receipts.add(dispatcher.send(hello().title("usual").build()));
                  receipts.add(
                      dispatcher.send(hello().title("now").priority(Priority.CRITICAL).build()));
                });
            dispatcher.send(hello().title("second").build());
          });
      dispatcher.send(hello().title("first").build());

      assertThat(crowd.titles())
          .as("the third place is free all the time, but only the urgent one takes it")
          .containsExactly(List.of("first"), List.of("second"), List.of("now"), List.of("usual"));
    }
  }

  @Test
  void prioritiesDoNotMix() {
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(
          dispatcher,
          hello().priority(Priority.LOW).build(),
          hello().priority(Priority.HIGH).build(),
          hello().priority(Priority.LOW).build());

      assertThat(crowd.calls)
          .allSatisfy(
              call ->
                  assertThat(call)
                      .extracting(OutboundMessage::priority)
                      .containsOnly(call.get(0).priority()));
      assertAll(dispatcher, SENT);
    }
  }

  @Test
  void eachHasItsOwnAnswer() {
    crowd.answers =
        messages ->
            messages.size() == 1
                ? Crowd.accepted(messages)
                : List.of(
                    Outcome.accepted("a"),
                    Outcome.rejected("spam"),
                    Outcome.invalidAddress("gone"),
                    Outcome.unknown("lost"),
                    Outcome.retryable("busy"));
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(dispatcher, helloes(5));

      assertThat(dispatcher, receipts.get(0)).is(SENT).by("crowd");
      assertThat(dispatcher, receipts.get(1)).is(DEAD).because(Reason.REJECTED);
      assertThat(dispatcher, receipts.get(2)).is(DEAD).because(Reason.INVALID_ADDRESS);
      assertThat(dispatcher, receipts.get(3)).is(UNCONFIRMED).because(Reason.HELD);
      assertThat(dispatcher, receipts.get(4)).is(PENDING).because(Reason.RETRY);
    }
  }

  @Test
  void whoIsToTryTheNextProviderDoesSoAndTheOthersDoNot() {
    RecordingProvider backup = RecordingProvider.of(EMAIL, "backup");
    crowd.answers =
        messages ->
            messages.size() == 1
                ? Crowd.accepted(messages)
                : List.of(Outcome.accepted("a"), Outcome.retryable("busy"), Outcome.accepted("c"));
    try (var dispatcher = oneCallAtATime().provider(backup).build()) {
      whileOneIsUnderWay(dispatcher, helloes(3));

      assertThat(dispatcher, receipts.get(0)).is(SENT).by("crowd").afterCalls(1);
      assertThat(dispatcher, receipts.get(1)).is(SENT).by("backup").afterCalls(2);
      assertThat(dispatcher, receipts.get(2)).is(SENT).by("crowd").afterCalls(1);
      assertThat(backup.calls()).isEqualTo(1);
    }
  }

  @Test
  void aThrottledCallIsWaitedForAndCountsAsNobodysAttempt() {
    crowd.answers =
        messages ->
            messages.size() == 1
                ? Crowd.accepted(messages)
                : Crowd.all(messages, Outcome.throttled("429", Duration.ofMinutes(1)));
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(dispatcher, helloes(3));
      assertAll(dispatcher, PENDING);
      receipts.forEach(receipt -> assertThat(Stage.only(dispatcher, receipt).attempts()).isZero());

      crowd.answers = Crowd::accepted;
      stage.pass(Duration.ofMinutes(1));

      assertAll(dispatcher, SENT);
    }
  }

  @Test
  void aProviderThatThrowsOrForgetsSomebodyLeavesAllInTheDark() {
    for (Function<List<OutboundMessage>, List<Outcome>> fault :
        List.<Function<List<OutboundMessage>, List<Outcome>>>of(
            messages -> {
              throw new IllegalStateException("jane@example.com");
            },
            messages -> Crowd.accepted(messages.subList(1, messages.size())),
            messages -> Collections.nCopies(messages.size(), null),
            messages -> null)) {
      receipts.clear();
      crowd.answers =
          messages -> messages.size() == 1 ? Crowd.accepted(messages) : fault.apply(messages);
      try (var dispatcher = oneCallAtATime().build()) {
        whileOneIsUnderWay(dispatcher, helloes(3));

        assertAll(dispatcher, UNCONFIRMED);
      }
    }
  }

  @Test
  void aLostAnswerIsNotAskedForUnderAKeyThatCoveredTheWholeCall() {
    crowd.idempotent = true;
    crowd.answers =
        messages ->
            messages.size() == 1
                ? Crowd.accepted(messages)
                : Crowd.all(messages, Outcome.unknown("lost"));
    try (var dispatcher = oneCallAtATime().build()) {
      whileOneIsUnderWay(dispatcher, helloes(3));
      stage.pass(Duration.ofMinutes(30));

      assertThat(crowd.sizes()).containsExactly(1, 3);
      receipts.forEach(
          receipt -> assertThat(dispatcher, receipt).is(UNCONFIRMED).because(Reason.HELD));
    }
  }

  @Test
  void aRateCountsMessagesAndTurnsAwayOnlyThoseOverIt() {
    try (var dispatcher =
        oneCallAtATime().rateLimit("crowd", new Rate(4, Duration.ofMinutes(1))).build()) {
      whileOneIsUnderWay(dispatcher, helloes(5));
      assertThat(crowd.sizes()).containsExactly(1, 3);

      stage.pass(Duration.ofMinutes(2));

      assertAll(dispatcher, SENT);
      assertThat(crowd.calls.stream().mapToInt(List::size).sum()).isEqualTo(6);
    }
  }

  @Test
  void oneBadRecipientDoesNotOpenTheBreaker() {
    crowd.answers =
        messages ->
            messages.size() == 1
                ? Crowd.accepted(messages)
                : List.of(Outcome.retryable("their mail server is down"), Outcome.accepted("b"));
    List<String> states = new ArrayList<>();
    try (var dispatcher =
        oneCallAtATime()
            .circuitBreaker(1, Duration.ofMinutes(1))
            .metrics(
                new MetricsListener() {
                  @Override
                  public void onBreaker(String provider, String state) {
                    states.add(state);
                  }
                })
            .build()) {
      whileOneIsUnderWay(dispatcher, helloes(2));

      assertThat(states).isEmpty();
    }
  }

  @Test
  void whoeverWaitsForCompanyCanStillBeCancelled() {
    try (var dispatcher = oneCallAtATime().build()) {
      crowd.during.add(
          () -> {
            for (Notification each : helloes(3)) {
              receipts.add(dispatcher.send(each));
            }
            dispatcher.cancel(receipts.get(1).id());
          });
      dispatcher.send(hello().build());

      assertThat(crowd.sizes()).containsExactly(1, 2);
      assertThat(dispatcher, receipts.get(0)).is(SENT);
      assertThat(dispatcher, receipts.get(1)).is(CANCELLED);
      assertThat(dispatcher, receipts.get(2)).is(SENT);
    }
  }

  @Test
  void closingDuringACallSendsOrCancelsWhoWaitedForTheNext() {
    NotificationDispatcher dispatcher = oneCallAtATime().build();
    whileOneIsUnderWay(dispatcher, helloes(3));

    assertThat(dispatcher.close(Duration.ofSeconds(5))).isTrue();
    assertThat(crowd.calls.stream().mapToInt(List::size).sum()).isEqualTo(4);
  }

  @Test
  void aFloodOnManyThreadsFillsItsCallsAndEachMessageIsSentOnce() throws Exception {
    int atATime = 6;
    CountDownLatch allUnderWay = new CountDownLatch(atATime);
    crowd.answers =
        messages -> {
          allUnderWay.countDown();
          awaitQuietly(allUnderWay);
          return Crowd.accepted(messages);
        };
    crowd.limit = 50;
    int count = 20_000;
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(crowd)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      for (int i = 0; i < count; i++) {
        Notification next = hello().title("n" + i).build();
        senders.execute(() -> dispatcher.send(next));
      }
      senders.shutdown();
      assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(crowd.sizes().subList(0, atATime))
        .as("but for two that found nobody under way, only full ones")
        .filteredOn(size -> size < 50)
        .hasSizeLessThanOrEqualTo(2);
    assertThat(crowd.sizes()).allMatch(size -> size <= 50);
    assertThat(crowd.titles().stream().flatMap(List::stream))
        .doesNotHaveDuplicates()
        .hasSize(count);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes several messages in one call, and keeps what came in which. */
}
