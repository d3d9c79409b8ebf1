package dev.notify.benchmarks;

import dev.notify.NotificationDispatcher;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From {@code send()} of a CRITICAL message to its provider call, with LOW messages waiting on the
 * same channel. The workers are at the LOW ones all the time, as many at once as the engine lets
 * them; a call takes as long as one to a quick provider.
 */
@State(Scope.Benchmark)
public class CriticalLane {

  private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What the workers take away while we measure; so many more wait at the start. */
  private static final int HEADROOM = 250_000;

  /** How many LOW messages wait, at least. */
  @Param({"0", "1000000"})
  public int waiting;

  private final AtomicInteger lowDelivered = new AtomicInteger();
  private final AtomicLong criticalCalled = new AtomicLong();
  private final Notification critical = message(Priority.CRITICAL);
  private final NotificationDispatcher dispatcher =
      NotificationDispatcher.builder()
          .provider(new QuickProvider())
          .store(MemoryStore.builder().capacity(2_000_000).build())
          .build();
  private long sent;

  private static Notification message(Priority priority) {
    return Notification.to(Address.email("jane@example.com"))
        .priority(priority)
        .title("Your order is on its way")
        .body("Parcel 1017 left our house today.")
        .build();
  }

  private final class QuickProvider implements ChannelProvider {
    private final Outcome accepted = Outcome.accepted("message");

    @Override
    public String name() {
      return "quick";
    }

    @Override
    public Channel channel() {
      return Channel.EMAIL;
    }

    @Override
    public Outcome deliver(OutboundMessage message) {
      if (message.priority() == Priority.CRITICAL) {
        criticalCalled.incrementAndGet();
      } else {
        LockSupport.parkNanos(CALL_NANOS);
        lowDelivered.incrementAndGet();
      }
      return accepted;
    }
  }

  /** Fills the store. */
  @Setup
  public void fill() {
    if (waiting > 0) {
      Notification low = message(Priority.LOW);
      for (int i = 0; i < waiting + HEADROOM; i++) {
        dispatcher.send(low);
      }
    }
  }

  /** Sends one and watches for it; watching costs a core in both cases. */
  @Benchmark
  public void untilProviderIsCalled() {
    dispatcher.send(critical);
    sent++;
    while (criticalCalled.get() < sent) {
      Thread.onSpinWait();
    }
  }

  /**
   * A measurement with fewer waiting, or with idle workers, would be another one. What waits is not
   * called off one by one: the process ends here.
   */
  @TearDown
  public void requireThatTheyWaitedAndMoved() {
    int delivered = lowDelivered.get();
    if (waiting > 0 && (delivered == 0 || delivered > HEADROOM)) {
      throw new IllegalStateException(
          delivered + " LOW messages were delivered, expected 1 to " + HEADROOM);
    }
  }
}
