package dev.notify.console;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads for the JDK's HTTP server, which waits for a slow client for as long as that likes: who
 * stops in the middle of a request would hold a thread for ever. Here a thread that waits for too
 * long is interrupted, which closes the connection. Our own work is never interrupted: a database
 * in a file would take that for its end.
 */
final class ImpatientThreads implements Executor, AutoCloseable {

  private static final int MOST = 16;

  private final Duration patience;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService watch;
  private final ThreadLocal<@Nullable Wait> waiting = new ThreadLocal<>();

  ImpatientThreads(String prefix, Duration patience) {
    this.patience = patience;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            MOST,
            MOST,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, prefix + number.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, prefix + "watch"));
    timer.setRemoveOnCancelPolicy(true);
    // Who is closed waits for nobody any more.
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    watch = timer;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Runs what waits for a client now and then. */
  @Override
  public void execute(Runnable exchange) {
    threads.execute(
        () -> {
          begin();
          try {
            exchange.run();
          } finally {
            end();
          }
        });
  }

  /** Does something of our own in the middle of an exchange; the client's time begins anew then. */
  <T> T inOwnTime(Supplier<T> work) {
    end();
    try {
      return work.get();
    } finally {
      begin();
    }
  }

  private void begin() {
    Wait wait = new Wait(Thread.currentThread());
    wait.timer = watch.schedule(wait::giveUp, patience.toNanos(), TimeUnit.NANOSECONDS);
    waiting.set(wait);
  }

  private void end() {
    Wait wait = waiting.get();
    if (wait != null) {
      waiting.remove();
      wait.end();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    watch.shutdownNow();
  }

  /** One thread's waiting. It ends or is given up, never both. */
  private static final class Wait {
    private final Thread thread;
    private @Nullable Future<?> timer;
    private boolean isOver;

    Wait(Thread thread) {
      this.thread = thread;
    }

    synchronized void giveUp() {
      if (!isOver) {
        thread.interrupt();
      }
    }

    /** From here on, nothing interrupts; what did so at the last moment is forgotten. */
    synchronized void end() {
      isOver = true;
      boolean ignored = Thread.interrupted();
      if (timer != null) {
        boolean unused = timer.cancel(false);
      }
    }
  }
}
