package dev.notify.specs;

import static dev.notify.model.DeliveryStatus.CANCELLED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
          inCall.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Outcome.unknown("interrupted");
        });
    NotificationDispatcher dispatcher = threaded(stage.email);
    SendReceipt hanging = dispatcher.send(hello().build());
    assertThat(inCall.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(dispatcher.close(Duration.ofMillis(50))).isFalse();

    NotificationRecord end = hanging.outcome().get(20, TimeUnit.SECONDS);
    assertThat(end.isSettled()).isTrue();
  }

  @Test
  void aCallOnAHostsThreadIsInterruptedTooAndTheThreadStaysWithTheHost() throws Exception {
    ExecutorService host = Executors.newSingleThreadExecutor();
    CountDownLatch inCall = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          inCall.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Outcome.unknown("interrupted");
        });
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .executor(host)
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    SendReceipt hanging = dispatcher.send(hello().build());
    assertThat(inCall.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(dispatcher.close(Duration.ofMillis(50))).isFalse();

    assertThat(hanging.outcome().get(20, TimeUnit.SECONDS).isSettled()).isTrue();
    assertThat(host.submit(Thread::interrupted).get(20, TimeUnit.SECONDS)).isFalse();
    host.shutdown();
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
