package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.DeliveryStatus.CANCELLED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Channel;
import dev.notify.model.Decision;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotifyException;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.routing.RetryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ClosingTest {

  private final Stage stage = new Stage();

  private NotificationDispatcher threaded(RecordingProvider provider) {
    return NotificationDispatcher.builder()
        .provider(provider)
        .recipients(id -> Optional.of(Stage.JANE))
        .build();
  }

  @Test
  void whatIsDueIsWorkedOff() {
    NotificationDispatcher dispatcher = threaded(stage.email);
    for (int i = 0; i < 2_000; i++) {
      dispatcher.send(hello().build());
    }

    assertThat(dispatcher.close(Duration.ofSeconds(30))).isTrue();

    assertThat(stage.email.calls()).isEqualTo(2_000);
    assertThat(stage.email.isClosed()).isTrue();
  }

  @Test
  void whatWouldBeLostWithTheProcessIsCancelledAndSaysSo() {
    var dispatcher = stage.builder().build();
    var receipt =
        dispatcher.schedule(hello().build(), stage.clock.instant().plus(Duration.ofDays(1)));

    dispatcher.close();

    assertThat(dispatcher, receipt).is(CANCELLED).because(Reason.SHUTDOWN);
    assertThat(receipt.outcome()).isDone();
  }

  @Test
  void aRetryThatComesDueWhileClosingEndsOneWayOrTheOther() {
    for (int round = 0; round < 300; round++) {
      var provider = RecordingProvider.of(EMAIL);
      provider.alwaysDoes(message -> Outcome.retryable("busy"));
      var dispatcher =
          NotificationDispatcher.builder()
              .provider(provider)
              .retry(
                  RetryPolicy.DEFAULT
                      .withDelays(Duration.ofNanos(1_000), Duration.ofMillis(1))
                      .withMaxAttempts(50))
              .recipients(id -> Optional.of(Stage.JANE))
              .build();
      var receipt = dispatcher.send(hello().build());

      assertThat(dispatcher.close(Duration.ofSeconds(20))).isTrue();

      assertThat(receipt.outcome()).isDone();
    }
  }

  @Test
  void sendAfterCloseIsRefusedClearly() {
    var dispatcher = stage.builder().build();
    dispatcher.close();
    dispatcher.close();

    assertThatThrownBy(() -> dispatcher.send(hello().build()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.why()).isEqualTo(RefusedException.Why.CLOSED));
    assertThat(stage.email.calls()).isZero();
  }

  @Test
  void aCallThatDoesNotEndIsInterruptedAtTheLimit() throws Exception {
    CountDownLatch inCall = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          hang(inCall);
          return Outcome.unknown("interrupted");
        });
    NotificationDispatcher dispatcher = threaded(stage.email);
    SendReceipt hanging = dispatcher.send(hello().build());
    assertThat(inCall.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(dispatcher.close(Duration.ofMillis(50))).isFalse();

    NotificationRecord end = hanging.outcome().get(20, TimeUnit.SECONDS);
    assertThat(end.isSettled()).isTrue();
  }

  /** Its condition is asked until the other one's call is interrupted. */
  @Test
  void whoComesToItsCallOnceCallsAreInterruptedIsNotCalled() throws Exception {
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          hang(inCall);
          interrupted.countDown();
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .recipients(id -> Optional.of(Stage.JANE))
            .recheck(
                "order",
                notification -> {
                  asked.countDown();
                  await(interrupted);
                  return true;
                })
            .build();
    SendReceipt hanging = dispatcher.send(hello().build());
    await(inCall);
    SendReceipt late = dispatcher.send(hello().about("order", "1").build());
    await(asked);

    dispatcher.close(Duration.ofMillis(50));

    assertThat(hanging.outcome().get(20, TimeUnit.SECONDS).deliveries().get(0).status())
        .isEqualTo(DeliveryStatus.SENT);
    assertThat(late.outcome().get(20, TimeUnit.SECONDS).deliveries().get(0).status())
        .isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(stage.email.calls()).isEqualTo(1);
  }

  @Test
  void aCallOnTheHostsPoolIsInterruptedAtTheLimitAsWell() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    CountDownLatch inCall = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          hang(inCall);
          return Outcome.unknown("interrupted");
        });
    var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .executor(pool)
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    SendReceipt hanging = dispatcher.send(hello().build());
    SendReceipt behind = dispatcher.send(hello().build());
    await(inCall);

    assertThat(dispatcher.close(Duration.ofMillis(50))).isFalse();

    assertThat(hanging.outcome().get(20, TimeUnit.SECONDS).isSettled()).isTrue();
    assertThat(dispatcher, behind).is(CANCELLED).afterCalls(0);
    assertThat(CompletableFuture.supplyAsync(Thread::interrupted, pool).get()).isFalse();
    pool.shutdown();
  }

  @Test
  void whatWaitsForABusyProviderAtTheLimitIsCancelled() throws Exception {
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch threeAreDecided = new CountDownLatch(3);
    stage.email.alwaysDoes(
        message -> {
          hang(inCall);
          return Outcome.unknown("interrupted");
        });
    var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .provider(RecordingProvider.of(Channel.EMAIL, "second"))
            .inFlight(1)
            .policy(
                request -> {
                  if (request.stage() == PolicyRequest.Stage.DELIVERY) {
                    threeAreDecided.countDown();
                  }
                  return Decision.ALLOW;
                })
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    dispatcher.send(hello().build());
    await(inCall);
    SendReceipt waiting = dispatcher.send(hello().build());
    dispatcher.send(hello().build());
    // There are two workers: one is in the call, so the other has left the second where it waits.
    await(threeAreDecided);

    assertThat(dispatcher.close(Duration.ofMillis(200))).isFalse();

    waiting.outcome().get(20, TimeUnit.SECONDS);
    assertThat(dispatcher, waiting).is(CANCELLED).because(Reason.SHUTDOWN);
  }

  @Test
  void sendersWhoWaitForRoomDoNotHoldUpTheClosing() throws Exception {
    CountDownLatch bothAreIn = new CountDownLatch(2);
    var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email.always(Outcome.retryable("down")))
            .store(MemoryStore.builder().capacity(1).waitForRoom(Duration.ofHours(1)).build())
            .recipients(
                id -> {
                  bothAreIn.countDown();
                  return Optional.of(Stage.JANE);
                })
            .build();
    var first = dispatcher.send(hello().build());
    CompletableFuture<SendReceipt> second =
        CompletableFuture.supplyAsync(() -> dispatcher.send(hello().build()));
    await(bothAreIn);

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(dispatcher.close(Duration.ofMillis(100))).isFalse());

    assertThat(first.outcome().get(20, TimeUnit.SECONDS).isSettled()).isTrue();
    assertEndsOrIsRefused(second);
  }

  @Test
  void aSenderWhoseDirectoryHangsDoesNotHoldUpTheClosingAndIsRefusedInTheEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .recipients(
                id -> {
                  asked.countDown();
                  await(answer);
                  return Optional.of(Stage.JANE);
                })
            .build();
    CompletableFuture<SendReceipt> late =
        CompletableFuture.supplyAsync(() -> dispatcher.send(hello().build()));
    await(asked);

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(dispatcher.close(Duration.ofMillis(50))).isFalse());
    answer.countDown();

    assertEndsOrIsRefused(late);
    assertThat(stage.email.calls()).isZero();
  }

  private static void assertEndsOrIsRefused(CompletableFuture<SendReceipt> sender)
      throws Exception {
    try {
      SendReceipt accepted = sender.get(20, TimeUnit.SECONDS);
      assertThat(accepted.outcome().get(20, TimeUnit.SECONDS).isSettled()).isTrue();
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.why()).isEqualTo(RefusedException.Why.CLOSED));
    }
  }

  /** As a call does that ends only when it is interrupted. */
  private static void hang(CountDownLatch inCall) {
    inCall.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closingFromWithinASendIsRefusedInsteadOfWaitingForItself() {
    AtomicReference<NotificationDispatcher> self = new AtomicReference<>();
    List<Throwable> answers = new ArrayList<>();
    var dispatcher =
        stage
            .builder()
            .listener(
                event ->
                    assertThatThrownBy(() -> self.get().close())
                        .satisfies(answers::add)
                        .isInstanceOf(NotifyException.class))
            .build();
    self.set(dispatcher);

    var receipt =
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> dispatcher.send(hello().build()));

    assertThat(answers).isNotEmpty().allMatch(e -> e.getMessage().contains("within a send"));
    assertThat(dispatcher, receipt).is(SENT);
    dispatcher.close();
  }

  @Test
  void aCallThatNothingCanEndHasAnEndAllTheSame() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          inCall.countDown();
          boolean told = false;
          while (!told) {
            try {
              told = answer.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              // This one does not listen.
            }
          }
          return Outcome.retryable("down");
        });
    var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .executor(pool)
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    var receipt = dispatcher.send(hello().build());
    await(inCall);
    assertThat(dispatcher.close(Duration.ofMillis(50))).isFalse();

    receipt.outcome().get(20, TimeUnit.SECONDS);
    assertThat(dispatcher, receipt).is(DeliveryStatus.DEAD).because(Reason.UNCONFIRMED);

    answer.countDown();
    pool.shutdown();
    assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(dispatcher, receipt).is(DeliveryStatus.DEAD);
  }

  @RepeatedTest(3)
  void everythingThatAHundredThreadsGotInWhileItClosedHasAnEnd() throws Exception {
    RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(email)
            .store(MemoryStore.builder().waitForRoom(Duration.ofMinutes(1)).build())
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    Queue<SendReceipt> accepted = new ConcurrentLinkedQueue<>();
    Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
    CountDownLatch underWay = new CountDownLatch(100);
    ExecutorService senders = Executors.newFixedThreadPool(100);
    for (int i = 0; i < 100; i++) {
      senders.execute(
          () -> {
            try {
              for (int n = 0; n < 2_000; n++) {
                accepted.add(dispatcher.send(hello().build()));
                underWay.countDown();
              }
            } catch (RefusedException e) {
              if (e.why() != RefusedException.Why.CLOSED) {
                surprises.add(e);
              }
            } catch (Throwable e) {
              surprises.add(e);
            }
          });
    }
    assertThat(underWay.await(20, TimeUnit.SECONDS)).isTrue();

    boolean drained = dispatcher.close(Duration.ofMinutes(1));
    senders.shutdown();

    assertThat(senders.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(surprises).isEmpty();
    assertThat(drained).isTrue();
    for (SendReceipt receipt : accepted) {
      dispatcher
          .status(receipt.id())
          .ifPresent(
              record ->
                  assertThat(record.deliveries())
                      .allMatch(delivery -> delivery.status() == DeliveryStatus.SENT));
    }
    assertThat(email.calls()).isEqualTo(accepted.size());
  }
}
