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
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
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
  private final Notification critical = message(Priority.CRITICAL);
  private final NotificationDispatcher dispatcher =
      NotificationDispatcher.builder()
          .provider(new QuickProvider())
          .store(MemoryStore.builder().capacity(2_000_000).build())
          .build();

  private volatile long calledAt;
  private volatile @Nullable Thread sender;

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
        calledAt = System.nanoTime();
        LockSupport.unpark(sender);
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

  /** The wait of a CRITICAL message that 99 of 100 stay below; JMH carries it out of its JVM. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Waits {
    private static final int MOST = 1_000_000;

    private final long[] nanos = new long[MOST];
    private int count;

    /** Each iteration for itself. */
    @Setup(Level.Iteration)
    public void forget() {
      count = 0;
    }

    void add(long wait) {
      if (count < MOST) {
        nanos[count++] = wait;
      }
    }

    /** In microseconds. */
    public double p99() {
      Arrays.sort(nanos, 0, count);
      return count == 0 ? Double.NaN : nanos[(int) (count * 0.99)] / 1000.0;
    }
  }

  /** Sends one; the wait ends as the provider is called, not when this thread hears of it. */
  @Benchmark
  public void untilProviderIsCalled(Waits waits) {
    sender = Thread.currentThread();
    calledAt = 0;
    long sentAt = System.nanoTime();
    dispatcher.send(critical);
    while (calledAt == 0) {
      LockSupport.parkNanos(CALL_NANOS);
    }
    waits.add(calledAt - sentAt);
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
