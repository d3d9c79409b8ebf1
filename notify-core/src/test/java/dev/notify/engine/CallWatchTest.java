package dev.notify.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallWatchTest {

  private static final Delivery DELIVERY =
      Delivery.builder(new DeliveryId(new UUID(0, 1)), new NotificationId(new UUID(0, 2)))
          .to("jane", Address.email("jane@example.com"))
          .lane(new Lane(Channel.EMAIL, Priority.NORMAL))
          .status(DeliveryStatus.SENDING)
          .expiresAt(Instant.MAX)
          .lease(1)
          .createdAt(Instant.EPOCH)
          .build();

  private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final ByHand clock = new ByHand();
  private final CallWatch watch = new CallWatch(clock, LIMIT);

  /** Keeps what it was asked for; the test calls. */
  private static final class ByHand implements EngineClock {
    final ArrayDeque<Duration> delays = new ArrayDeque<>();
    final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public Instant instant() {
      return START;
    }

    @Override
    public Wakeup wakeUp(Duration delay, Runnable task) {
      delays.add(delay);
      tasks.add(task);
      return () -> {};
    }
  }

  private CallWatch.Call begin(Instant now) {
    return watch.begin(List.of(DELIVERY), now).orElseThrow();
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void aCallOverItsTimeIsInterruptedAndTold() {
    CallWatch.Call call = begin(START);

    clock.tasks.remove().run();

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(watch.end(call)).isTrue();
  }

  @Test
  void oneWakeupServesAllCallsAndMovesOnToTheOldest() {
    CallWatch.Call first = begin(START);
    CallWatch.Call second = begin(START.plusSeconds(10));
    assertThat(watch.end(first)).isFalse();
    assertThat(clock.delays).containsExactly(LIMIT);

    clock.tasks.remove().run();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(clock.delays).containsExactly(LIMIT, Duration.ofSeconds(10));

    clock.tasks.remove().run();
    assertThat(watch.end(second)).isTrue();
  }

  @Test
  void onceStoppedItInterruptsWhatIsUnderWayAndLetsNothingBegin() {
    CallWatch.Call first = begin(START);
    assertThat(watch.isStopped()).isFalse();

    watch.stop();

    assertThat(watch.isStopped()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(watch.begin(List.of(DELIVERY), START)).isEmpty();
    assertThat(watch.end(first)).as("what it answers counts").isFalse();
    assertThat(watch.underWay()).isEmpty();
  }

  @Test
  void withNothingUnderWayItRestsUntilTheNextCall() {
    watch.end(begin(START));
    clock.tasks.remove().run();
    assertThat(clock.tasks).isEmpty();

    begin(START.plusSeconds(200));

    assertThat(clock.delays).containsExactly(LIMIT, LIMIT);
  }

  @Test
  void aClockThatIsSetBackCutsNoCallShort() {
    CallWatch.Call before = begin(START);
    CallWatch.Call after = begin(START.minusSeconds(3_600));
    watch.end(before);

    clock.tasks.remove().run();

    assertThat(clock.delays).containsExactly(LIMIT, LIMIT);
    assertThat(watch.end(after)).isFalse();
  }
}
