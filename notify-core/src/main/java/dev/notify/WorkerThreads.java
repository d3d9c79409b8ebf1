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
