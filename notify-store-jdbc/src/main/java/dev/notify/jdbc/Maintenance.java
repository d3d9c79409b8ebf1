package dev.notify.jdbc;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tidies up about once a minute, on a thread of its own, so that a long pass holds up no heartbeat.
 * All processes do so; what one has in hand the others pass over.
 */
final class Maintenance implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  static final Duration BETWEEN = Duration.ofMinutes(1);

  /** What was too young or still open when a pass came by is looked at again about every hour. */
  private static final int PASSES_BETWEEN_WHOLE_ONES = 60;

  private final Retention retention;
  private final Rewrapping rewrapping;
  private final Consumer<BooleanSupplier> hourly;
  private final ScheduledThreadPoolExecutor thread;
  private final Duration between;
  private long passes;
  private volatile boolean closed;

  /**
   * Tidies up by these.
   *
   * @param hourly what else is to be done about every hour; asks before each step whether to go on
   */
  Maintenance(
      Retention retention,
      Rewrapping rewrapping,
      Consumer<BooleanSupplier> hourly,
      Duration between) {
    this.hourly = hourly;
    this.between = between;
    this.retention = retention;
    this.rewrapping = rewrapping;
    thread = new ScheduledThreadPoolExecutor(1, Daemons.named("notify-maintenance"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void start() {
    next();
  }

  /** With chance, so that processes which were started together do not all come at once. */
  private void next() {
    long millis = between.toMillis();
    long delay = millis / 2 + ThreadLocalRandom.current().nextLong(millis);
    if (!closed) {
      var ignored = thread.schedule(this::tidy, delay, TimeUnit.MILLISECONDS);
    }
  }

  private void tidy() {
    try {
      boolean whole = passes++ % PASSES_BETWEEN_WHOLE_ONES == 0;
      long pruned = retention.pass(whole, () -> !closed);
      if (pruned > 0) {
        log.debug("old notifications deleted: {}", pruned);
      }
      if (whole) {
        rewrapping.rewrap(() -> !closed);
        hourly.accept(() -> !closed);
      }
    } catch (RuntimeException e) {
      log.warn("tidying up failed, and is tried again: {}", e.getMessage());
    } finally {
      next();
    }
  }

  @Override
  public void close() {
    // Not interrupted: some file databases do not survive that.
    closed = true;
    thread.shutdown();
    try {
      boolean ignored = thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
