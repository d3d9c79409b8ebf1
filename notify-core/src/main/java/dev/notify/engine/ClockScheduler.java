package dev.notify.engine;

import dev.failsafe.spi.Scheduler;
import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Lets Failsafe's timeouts run by the engine's clock. */
final class ClockScheduler implements Scheduler {

  private final EngineClock clock;

  ClockScheduler(EngineClock clock) {
    this.clock = clock;
  }

  @Override
  public ScheduledFuture<?> schedule(Callable<?> task, long delay, TimeUnit unit) {
    Pending pending = new Pending();
    pending.wakeup =
        clock.wakeUp(
            Duration.of(delay, unit.toChronoUnit()),
            () -> {
              try {
                pending.complete(task.call());
              } catch (Exception e) {
                pending.completeExceptionally(e);
              }
            });
    return pending;
  }

  /** A call that has not come yet, as Failsafe wants to see it. */
  private static final class Pending extends CompletableFuture<Object>
      implements ScheduledFuture<Object> {

    private volatile EngineClock.Wakeup wakeup = () -> {};

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      wakeup.cancel();
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return 0;
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }
}
