package dev.notify;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for a dispatcher whose host hands in no executor. As many as there are calls in flight,
 * which the engine bounds, and callers who send many at a time.
 */
final class WorkerThreads {

  /**
   * Nobody else uses these threads, so one is there at once: short jobs are done by few of them,
   * and long ones wait no longer than the waking of those before them takes.
   */
  static final int JOBS_A_START = 8;

  private WorkerThreads() {}

  static ExecutorService create() {
    return Executors.newCachedThreadPool(named("notify-worker"));
  }

  static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
