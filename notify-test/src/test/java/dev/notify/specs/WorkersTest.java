package dev.notify.specs;

import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.NotificationStore;
import dev.notify.test.RecordingProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that is woken does several short jobs; nothing waits for a long one. */
@Timeout(60)
class WorkersTest {

  private static final int MANY = 64;

  @Test
  void longCallsAllRunAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(MANY);
    RecordingProvider patient =
        RecordingProvider.of(Channel.EMAIL)
            .alwaysDoes(
                message -> {
                  all.countDown();
                  pass(all);
                  return Outcome.accepted("id");
                });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(patient)
            .inFlight(2 * MANY)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      List<SendReceipt> receipts = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        receipts.add(dispatcher.send(hello().build()));
      }
      for (SendReceipt receipt : receipts) {
        receipt.outcome().get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(patient.calls()).isEqualTo(MANY);
  }

  @Test
  void anExecutorThatRunsInItsCallerKeepsTheOrder() {
    Stage stage = new Stage();
    try (var dispatcher = stage.builder().executor(Runnable::run).build()) {
      Instant then = Instant.parse(Stage.START).plus(Duration.ofHours(1));
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        sent.add(dispatcher.send(hello().at(then).build()).id().toString());
      }

      stage.pass(Duration.ofHours(1));

      assertThat(stage.email.messages())
          .extracting(message -> message.notificationId().toString())
          .isEqualTo(sent);
    }
  }

  @Test
  void whatCameWhileAPoolHadOtherWorkIsCarriedToo() {
    Stage stage = new Stage();
    ArrayDeque<Runnable> pool = new ArrayDeque<>();
    try (var dispatcher = stage.builder().executor(pool::add).build()) {
      dispatcher.send(hello().build());
      dispatcher.send(hello().build());
      pool.remove().run();
      dispatcher.send(hello().build());
      while (!pool.isEmpty()) {
        pool.remove().run();
      }

      assertThat(stage.email.calls()).isEqualTo(3);
    }
  }

  @Test
  void nothingWaitsForAWorkerThatLooksIntoTheStore() throws Exception {
    CountDownLatch floodIsIn = new CountDownLatch(1);
    CountDownLatch looks = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    AtomicBoolean isSlow = new AtomicBoolean();
    MemoryStore memory = MemoryStore.create();
    NotificationStore store =
        slowToClaim(
            memory,
            () -> {
              if (isSlow.get()) {
                looks.countDown();
                pass(goesOn);
              }
            });
    RecordingProvider provider =
        RecordingProvider.of(Channel.EMAIL)
            .alwaysDoes(
                message -> {
                  pass(floodIsIn);
                  return Outcome.accepted("id");
                });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(provider)
            .inFlight(2)
            .store(store)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      for (int i = 0; i < 5_000; i++) {
        dispatcher.send(hello().priority(Priority.LOW).build());
      }
      isSlow.set(true);
      floodIsIn.countDown();
      looks.await();
      // The other worker has no more to do, and is gone.
      await().until(() -> dispatcher.health().channels().get(0).queued() == 0);
      await().until(() -> dispatcher.health().channels().get(0).inFlight() == 0);

      SendReceipt alarm = dispatcher.send(hello().priority(Priority.CRITICAL).build());
      try {
        assertThat(alarm.outcome()).succeedsWithin(Duration.ofSeconds(20));
      } finally {
        goesOn.countDown();
      }
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }

  private static NotificationStore slowToClaim(NotificationStore store, Runnable beforeClaim) {
    return (NotificationStore)
        Proxy.newProxyInstance(
            NotificationStore.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("claim")) {
                beforeClaim.run();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
