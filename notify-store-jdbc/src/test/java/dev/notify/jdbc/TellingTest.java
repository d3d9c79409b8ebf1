package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.CancelReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.RefusedException;
import dev.notify.spi.NotificationStore;
import dev.notify.test.RecordingProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is told to listeners and futures of a durable store never keeps it from its work. */
class TellingTest {

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);

  private static Notification hello(String who) {
    return Notification.to(Address.email(who + "@example.com")).body("Hello").build();
  }

  @Test
  void whoCannotBeToldOfACancelledDeliveryDoesNotKeepTheOthersFromBeingSent() throws Exception {
    DataSource source = Databases.H2.clean();
    AtomicBoolean away = new AtomicBoolean();
    NotificationStore store = findingNothingWhile(away, JdbcStore.of(source));
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder().store(store).provider(provider).build()) {
      Instant due = Instant.now().plusSeconds(2);
      SendReceipt cancelled = dispatcher.schedule(hello("a"), due);
      dispatcher.schedule(hello("b"), due);
      cancelled.outcome();
      // As a node leaves it that died with an order to cancel in hand.
      TableScan.execute(
          source,
          "UPDATE notify_delivery SET cancel_status = "
              + Codes.of(DeliveryStatus.CANCELLED)
              + ", cancel_code = 'CANCELLED' WHERE message_id = '"
              + cancelled.id().value()
              + "'");
      away.set(true);

      await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 1);
      away.set(false);
      assertThat(cancelled.outcome().get().deliveries().get(0).status())
          .isEqualTo(DeliveryStatus.CANCELLED);
    }
  }

  private static NotificationStore findingNothingWhile(AtomicBoolean away, NotificationStore real) {
    return (NotificationStore)
        Proxy.newProxyInstance(
            TellingTest.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("find") && away.get()) {
                throw new RefusedException(RefusedException.Why.STORE_UNAVAILABLE, "away");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aListenerThatCancelsDoesNotStopTheWritingThoughTheExecutorRefuses() throws SQLException {
    AtomicBoolean full = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch secondCalled = new CountDownLatch(1);
    provider.nextDoes(
        message -> {
          hold(first);
          full.set(true);
          return Outcome.accepted("1");
        });
    provider.nextDoes(
        message -> {
          secondCalled.countDown();
          hold(second);
          return Outcome.accepted("2");
        });
    AtomicReference<NotificationDispatcher> self = new AtomicReference<>();
    AtomicReference<NotificationId> queued = new AtomicReference<>();
    AtomicReference<CancelReceipt> answer = new AtomicReference<>();
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.of(Databases.H2.clean()))
            .provider(provider)
            .inFlight(1)
            .executor(
                task -> {
                  if (full.get()) {
                    throw new RejectedExecutionException("full");
                  }
                  threads.execute(task);
                })
            .listener(
                event -> {
                  if (event.type() == DeliveryEvent.Type.SENT && answer.get() == null) {
                    answer.set(self.get().cancel(queued.get()));
                  }
                })
            .build()) {
      self.set(dispatcher);
      dispatcher.send(hello("a"));
      dispatcher.send(hello("b"));
      queued.set(dispatcher.send(hello("c")).id());
      first.countDown();
      hold(secondCalled);
      full.set(false);

      await().atMost(Duration.ofSeconds(20)).until(() -> answer.get() != null);
      assertThat(answer.get().cancelled()).hasSize(1);
      second.countDown();
    } finally {
      threads.shutdown();
    }
  }

  private static void hold(CountDownLatch latch) {
    await().atMost(Duration.ofSeconds(30)).until(() -> latch.getCount() == 0);
  }
}
