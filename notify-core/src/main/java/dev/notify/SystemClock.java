package dev.notify;

import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's time or the store's, with one thread for calls that come later. */
final class SystemClock implements EngineClock, AutoCloseable {

  private final InstantSource source;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, WorkerThreads.named("notify-clock"));

  SystemClock(InstantSource source) {
    this.source = source;
    // Nearly every timeout is called off; a cancelled one should not be kept until its time.
    thread.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant instant() {
    return source.instant();
  }

  @Override
  public long millis() {
    return source.millis();
  }

  @Override
  public Wakeup wakeUp(Duration delay, Runnable task) {
    try {
      Future<?> call = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> call.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
