package dev.notify.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.memory.MemoryStore;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Rate;
import dev.notify.model.Recipient;
import dev.notify.policy.FrequencyCap;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Submission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many at a time: one portion is stored while the next is thought about. */
@Timeout(30)
class BulkTest {

  private static final int MORE_THAN_TWO_PORTIONS = 1_100;

  private static final Instant TOMORROW = Instant.parse("2026-03-03T09:00:00Z");

  private final Stage stage = new Stage();

  private static Notification hello() {
    return Notification.to("pattern").body("Hi").channels(Channel.EMAIL).build();
  }

  private static Recipient person(String id) {
    return Recipient.builder(id).email("p" + id + "@example.com").build();
  }

  private static List<String> people() {
    return IntStream.range(0, MORE_THAN_TWO_PORTIONS).mapToObj(String::valueOf).toList();
  }

  @Test
  void whileAPortionIsStoredTheNextIsThoughtAbout() {
    CountDownLatch next = new CountDownLatch(1);
    List<Boolean> waits = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (var dispatcher =
        stage
            .builder()
            .executor(threads)
            .recipients(
                id -> {
                  if (id.equals("500")) {
                    next.countDown();
                  }
                  return Optional.of(person(id));
                })
            .listener(
                event -> {
                  synchronized (waits) {
                    if (waits.isEmpty()) {
                      waits.add(cameTrue(next));
                    }
                  }
                })
            .build()) {
      assertThat(dispatcher.sendAll(hello(), people()).accepted())
          .isEqualTo(MORE_THAN_TWO_PORTIONS);
    } finally {
      threads.shutdownNow();
    }

    assertThat(waits).containsExactly(true);
  }

  private static boolean cameTrue(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void theRestIsStoredWhileTheLastWholePortionIs() {
    CountDownLatch both = new CountDownLatch(2);
    NotificationStore real = MemoryStore.create();
    NotificationStore waiting =
        (NotificationStore)
            Proxy.newProxyInstance(
                BulkTest.class.getClassLoader(),
                new Class<?>[] {NotificationStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("acceptAll")) {
                    both.countDown();
                    assertThat(cameTrue(both)).isTrue();
                  }
                  return method.invoke(real, arguments);
                });
    ExecutorService threads = Executors.newCachedThreadPool();
    try (var dispatcher =
        stage
            .builder()
            .executor(threads)
            .store(waiting)
            .recipients(id -> Optional.of(person(id)))
            .build()) {
      Notification later = hello().toBuilder().at(TOMORROW).build();

      assertThat(dispatcher.sendAll(later, people().subList(0, 600)).accepted()).isEqualTo(600);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whereNoThreadIsToSpareTheCallerStoresAllByItself() {
    try (var dispatcher =
        stage.builder().executor(task -> {}).recipients(id -> Optional.of(person(id))).build()) {
      Notification later = hello().toBuilder().at(TOMORROW).build();

      assertThat(dispatcher.sendAll(later, people()).accepted()).isEqualTo(MORE_THAN_TWO_PORTIONS);
    }
  }

  /** A store that is as others, but for the first time when it gets the one for "1" with others. */
  private static NotificationStore breaking(Throwable fault) {
    NotificationStore real = MemoryStore.create();
    AtomicBoolean isBroken = new AtomicBoolean(true);
    return (NotificationStore)
        Proxy.newProxyInstance(
            BulkTest.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("acceptAll")
                  && isForOne((List<?>) arguments[0])
                  && isBroken.getAndSet(false)) {
                throw fault;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static boolean isForOne(List<?> submissions) {
    return submissions.stream()
        .anyMatch(each -> ((Submission) each).notification().recipientId().equals("1"));
  }

  @Test
  void whatAStoreThrewAtDoesNotCount() {
    try (var dispatcher =
        stage
            .builder()
            .store(breaking(new IllegalStateException("on fire")))
            .frequencyCap(FrequencyCap.perRecipient(Rate.perDay(1)).dropping())
            .recipients(id -> Optional.of(person(id)))
            .build()) {
      assertThat(dispatcher.sendAll(hello(), List.of("1")).failed()).isEqualTo(1);

      assertThat(dispatcher.sendAll(hello(), List.of("1")).accepted()).isEqualTo(1);

      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void whatWasThoughtAboutWhileTheStoreBrokeIsNotForgotten() {
    Error fault = new AssertionError("on fire");
    try (var dispatcher =
        stage.builder().store(breaking(fault)).recipients(id -> Optional.of(person(id))).build()) {
      assertThatThrownBy(() -> dispatcher.sendAll(hello(), people())).isSameAs(fault);

      assertThat(stage.email.calls()).as("the second portion").isEqualTo(500);
    }
  }

  @Test
  void wholePortionsFromBeforeTheStreamBrokeAreSent() {
    Stream<Notification> broken =
        IntStream.range(0, MORE_THAN_TWO_PORTIONS)
            .mapToObj(
                i -> {
                  if (i == 1_050) {
                    throw new IllegalStateException("the application's own");
                  }
                  return hello().toBuilder().recipient(person(String.valueOf(i))).build();
                });
    try (var dispatcher = stage.builder().build()) {
      assertThatIllegalStateException().isThrownBy(() -> dispatcher.sendAll(broken));
      assertThat(stage.email.calls()).isEqualTo(1_000);
    }
  }
}
