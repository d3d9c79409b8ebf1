package dev.notify.test;

import dev.notify.DispatcherBuilder;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves only when told, and an executor that runs everything on the calling thread:
 * with both, a dispatcher is deterministic. When {@code send} returns, all that is due has
 * happened; a test can schedule for tomorrow, {@link #advance} the clock, and look.
 *
 * <pre>{@code
 * VirtualClock clock = VirtualClock.at("2026-03-01T09:00:00Z");
 * NotificationDispatcher dispatcher = clock.drive(NotificationDispatcher.builder().provider(recorder)).build();
 * }</pre>
 *
 * <p>Thread-safe, but a test that uses several threads is deterministic only as far as they are.
 *
 * @since 0.1
 */
public final class VirtualClock implements EngineClock {

  private static final long SEED = 42;

  private final PriorityQueue<Call> calls =
      new PriorityQueue<>(Comparator.comparing(Call::at).thenComparing(Call::order));
  private final Executor executor = new InOrder();
  private final AtomicLong driven = new AtomicLong();
  private Instant now;
  private long order;

  private record Call(Instant at, long order, Runnable task) {}

  private VirtualClock(Instant start) {
    now = start;
  }

  /** A clock that stands at this moment, for example {@code 2026-03-01T09:00:00Z}. */
  public static VirtualClock at(String instant) {
    return new VirtualClock(Instant.parse(instant));
  }

  /** Makes a dispatcher run by this clock, on the calling thread, with chance that repeats. */
  public DispatcherBuilder drive(DispatcherBuilder builder) {
    // Each dispatcher its own, or two of them would hand out the same ids.
    SplittableRandom seeded = new SplittableRandom(SEED + driven.getAndIncrement());
    return builder.clock(this).executor(executor).random(() -> nextLong(seeded));
  }

  private static long nextLong(SplittableRandom random) {
    synchronized (random) {
      return random.nextLong();
    }
  }

  /** Runs tasks on the calling thread, one after the other; a task's own tasks come after it. */
  public Executor executor() {
    return executor;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Wakeup wakeUp(Duration delay, Runnable task) {
    Call call = new Call(now.plus(delay.isNegative() ? Duration.ZERO : delay), order++, task);
    calls.add(call);
    return () -> forget(call);
  }

  private synchronized void forget(Call call) {
    calls.remove(call);
  }

  /** Moves on by so much; everything that falls due happens in its order, at its own moment. */
  public void advance(Duration duration) {
    advanceTo(instant().plus(duration));
  }

  /** Moves on to a moment; everything that falls due happens in its order, at its own moment. */
  public void advanceTo(Instant target) {
    for (Call call = next(target); call != null; call = next(target)) {
      call.task().run();
    }
    synchronized (this) {
      now = target.isAfter(now) ? target : now;
    }
  }

  private synchronized @Nullable Call next(Instant target) {
    Call call = calls.peek();
    if (call == null || call.at().isAfter(target)) {
      return null;
    }
    now = call.at().isAfter(now) ? call.at() : now;
    return calls.poll();
  }

  @Override
  public String toString() {
    return "VirtualClock[" + instant() + "]";
  }

  /** Not recursive, however long the chain of tasks: the outermost call works the queue off. */
  private static final class InOrder implements Executor {

    private final ThreadLocal<ArrayDeque<Runnable>> running = new ThreadLocal<>();

    @Override
    public void execute(Runnable task) {
      ArrayDeque<Runnable> queue = running.get();
      if (queue != null) {
        queue.add(task);
        return;
      }
      queue = new ArrayDeque<>();
      running.set(queue);
      try {
        for (Runnable next = task; next != null; next = queue.poll()) {
          next.run();
        }
      } finally {
        running.remove();
      }
    }
  }
}
