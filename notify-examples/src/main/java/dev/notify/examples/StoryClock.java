package dev.notify.examples;

import dev.notify.spi.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Time as the story has it: begins at a moment of the story and runs on as real time does. So it is
 * evening in Berlin, and quiet, whenever the example is started. An application leaves this out.
 */
final class StoryClock implements EngineClock, AutoCloseable {

  private final Instant beginning;
  private final long startedAt = System.nanoTime();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  private StoryClock(Instant beginning) {
    this.beginning = beginning;
  }

  static StoryClock startingAt(Instant beginning) {
    return new StoryClock(beginning);
  }

  @Override
  public Instant instant() {
    return beginning.plusNanos(System.nanoTime() - startedAt);
  }

  @Override
  public Wakeup wakeUp(Duration delay, Runnable task) {
    try {
      Future<?> call = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> call.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
