package dev.notify.benchmarks;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What an application would do without us: put a record into the JDK's bounded thread pool, which
 * does nothing with it. No status, no retry, no lanes: the least that handing over can cost, and
 * the measure for {@link Sending} on the same machine at the same time. As there, senders wait for
 * room.
 */
@State(Scope.Benchmark)
public class HandingOver {

  private static final int THREADS = 16;
  private static final int MOST_WAITING = 512;

  private final LongAdder delivered = new LongAdder();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(MOST_WAITING),
          HandingOver::waitForRoom);

  private record Message(String to, String title, String body, LongAdder delivered)
      implements Runnable {
    @Override
    public void run() {
      delivered.increment();
    }
  }

  private static void waitForRoom(Runnable task, ThreadPoolExecutor pool) {
    try {
      pool.getQueue().put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException(e);
    }
  }

  /** Hands one over. */
  @Benchmark
  public void handOver() {
    pool.execute(new Message("jane@example.com", "Your order", "Parcel 1017", delivered));
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    pool.shutdown();
  }
}
