package dev.notify.specs;

import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.RefusedException;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Floods, bounds and fairness, with real threads. */
class LanesTest {

  private final Semaphore calls = new Semaphore(0);
  private final RecordingProvider slow =
      RecordingProvider.of(Channel.EMAIL)
          .alwaysDoes(
              message -> {
                calls.acquireUninterruptibly();
                return Outcome.accepted("id");
              });

  private NotificationDispatcher oneAtATime(MemoryStore store) {
    return NotificationDispatcher.builder()
        .provider(slow)
        .inFlight(1)
        .store(store)
        .recipients(id -> Optional.of(Stage.JANE))
        .build();
  }

  private void finish(NotificationDispatcher dispatcher) {
    calls.release(1_000_000);
    assertThat(dispatcher.close(Duration.ofSeconds(60))).isTrue();
  }

  private static SendReceipt send(NotificationDispatcher dispatcher, Priority priority) {
    return dispatcher.send(hello().priority(priority).build());
  }

  @Test
  void aFloodOfLowDelaysCriticalByOneCallAtMost() throws Exception {
    NotificationDispatcher dispatcher = oneAtATime(MemoryStore.create());
    for (int i = 0; i < 20_000; i++) {
      send(dispatcher, Priority.LOW);
    }

    SendReceipt alarm = send(dispatcher, Priority.CRITICAL);
    calls.release(3);
    alarm.outcome().get(20, TimeUnit.SECONDS);

    assertThat(slow.calls()).isLessThanOrEqualTo(4);
    finish(dispatcher);
  }

  @Test
  void lowGetsItsShareOfAFloodOfAllOthers() {
    NotificationDispatcher dispatcher = oneAtATime(MemoryStore.create());
    for (int i = 0; i < 2_000; i++) {
      for (Priority priority : Priority.values()) {
        send(dispatcher, priority);
      }
    }

    finish(dispatcher);

    List<Priority> early =
        slow.messages().stream().map(OutboundMessage::priority).limit(1_500).toList();
    assertThat(early).filteredOn(Priority.LOW::equals).hasSizeBetween(90, 110);
    assertThat(early).filteredOn(Priority.CRITICAL::equals).hasSizeBetween(750, 850);
  }

  @Test
  void withinALaneWhoCameFirstIsServedFirst() {
    NotificationDispatcher dispatcher = oneAtATime(MemoryStore.create());
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      sent.add(send(dispatcher, Priority.NORMAL).id().toString());
    }

    finish(dispatcher);

    assertThat(slow.messages())
        .extracting(message -> message.notificationId().toString())
        .isEqualTo(sent);
  }

  @Test
  void aFullStoreRefusesClearly() {
    NotificationDispatcher dispatcher = oneAtATime(MemoryStore.builder().capacity(10).build());
    for (int i = 0; i < 10; i++) {
      send(dispatcher, Priority.NORMAL);
    }

    assertThatThrownBy(() -> send(dispatcher, Priority.NORMAL))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.why()).isEqualTo(RefusedException.Why.QUEUE_FULL))
        .hasMessageContaining("10");
    finish(dispatcher);
    assertThat(slow.calls()).as("what was refused was not sent").isEqualTo(10);
  }

  @Test
  void aFullStoreCanMakeTheSenderWaitForRoom() throws Exception {
    NotificationDispatcher dispatcher =
        oneAtATime(MemoryStore.builder().capacity(10).waitForRoom(Duration.ofSeconds(30)).build());
    for (int i = 0; i < 10; i++) {
      send(dispatcher, Priority.NORMAL);
    }
    CompletableFuture<SendReceipt> waiting =
        CompletableFuture.supplyAsync(() -> send(dispatcher, Priority.NORMAL));
    assertThat(waiting).isNotDone();

    calls.release(1);

    assertThat(waiting.get(20, TimeUnit.SECONDS).answer()).isEqualTo(SendReceipt.Answer.NEW);
    finish(dispatcher);
  }

  @Test
  void noMoreCallsOfAProviderThanAllowedAreUnderWay() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RecordingProvider counting =
        RecordingProvider.of(Channel.EMAIL)
            .alwaysDoes(
                message -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  calls.acquireUninterruptibly();
                  now.decrementAndGet();
                  return Outcome.accepted("id");
                });
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(counting)
            .inFlight(3)
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    List<SendReceipt> receipts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      receipts.add(send(dispatcher, Priority.NORMAL));
    }
    calls.release(100);
    for (SendReceipt receipt : receipts) {
      receipt.outcome().get(20, TimeUnit.SECONDS);
    }

    assertThat(most).hasValueLessThanOrEqualTo(3);
    assertThat(dispatcher.close(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void aSlowChannelDoesNotHoldUpAnother() throws Exception {
    RecordingProvider sms = RecordingProvider.of(Channel.SMS);
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .provider(slow)
            .provider(sms)
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    for (int i = 0; i < 1_000; i++) {
      send(dispatcher, Priority.NORMAL);
    }

    SendReceipt text = dispatcher.send(hello().channels(Channel.SMS).build());

    text.outcome().get(20, TimeUnit.SECONDS);
    finish(dispatcher);
  }

  @Test
  void aHostPoolOfOneThreadIsEnough() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
    RecordingProvider sms = RecordingProvider.of(Channel.SMS);
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(email)
            .provider(sms)
            .executor(one)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      for (int i = 0; i < 500; i++) {
        dispatcher.send(hello().channels(Channel.EMAIL, Channel.SMS).build());
      }
    } finally {
      one.shutdown();
    }
    assertThat(email.calls()).isEqualTo(500);
    assertThat(sms.calls()).isEqualTo(500);
    assertThat(one.awaitTermination(20, TimeUnit.SECONDS)).as("left to its owner").isTrue();
  }

  @Test
  void theHostsOtherWorkGetsItsTurnDuringAFlood() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
    CountDownLatch otherWork = new CountDownLatch(1);
    AtomicInteger sentBefore = new AtomicInteger();
    email.alwaysDoes(
        message -> {
          if (email.calls() == 1) {
            one.execute(
                () -> {
                  sentBefore.set(email.calls());
                  otherWork.countDown();
                });
          }
          return Outcome.accepted("id");
        });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(email)
            .executor(one)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      for (int i = 0; i < 5_000; i++) {
        send(dispatcher, Priority.NORMAL);
      }
      assertThat(otherWork.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      one.shutdown();
    }
    assertThat(sentBefore).as("16 workers with 32 jobs a turn").hasValueLessThan(1_000);
  }
}
