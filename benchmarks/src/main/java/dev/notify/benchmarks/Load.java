package dev.notify.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do the same thing over and over, and what they got done within a window.
 *
 * @param threads how many
 * @param warmup time before the window
 * @param window time that counts
 */
public record Load(int threads, Duration warmup, Duration window) {

  /** One operation; its number is its own. */
  public interface Operation {
    void run(int number) throws Exception;
  }

  /**
   * What happened within the window.
   *
   * @param operations how many were done
   * @param seconds how long it was
   * @param allocated bytes that the threads allocated
   * @param cpuSeconds what the whole JVM used
   * @param probed by how much each probe grew
   * @param last the number of the last operation that was begun, after the window perhaps
   */
  public record Result(
      long operations, double seconds, long allocated, double cpuSeconds, long[] probed, int last) {
    public double rate() {
      return operations / seconds;
    }
  }

  private record Moment(
      long nanos, long operations, long allocated, long cpuNanos, long[] probes) {}

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Runs it; the probes are read at the window's beginning and end. */
  public Result run(Operation operation, LongSupplier... probes) throws Exception {
    AtomicInteger next = new AtomicInteger();
    LongAdder done = new LongAdder();
    AtomicReference<@Nullable Exception> fault = new AtomicReference<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread[] all = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      all[i] =
          new Thread(
              () -> {
                try {
                  while (!over.get()) {
                    operation.run(next.getAndIncrement());
                    done.increment();
                  }
                } catch (Exception e) {
                  fault.compareAndSet(null, e);
                }
              },
              "load-" + i);
      all[i].start();
    }
    long[] ids = Arrays.stream(all).mapToLong(Thread::getId).toArray();
    Threads.sleep(warmup);
    Moment begun = moment(done, ids, probes);
    Threads.sleep(window);
    Moment ended = moment(done, ids, probes);
    // Not before: of a thread that has ended nobody knows what it allocated.
    over.set(true);
    for (Thread thread : all) {
      thread.join();
    }
    Exception thrown = fault.get();
    if (thrown != null) {
      throw new IllegalStateException("an operation failed", thrown);
    }
    long[] grown = new long[probes.length];
    Arrays.setAll(grown, i -> ended.probes()[i] - begun.probes()[i]);
    return new Result(
        ended.operations() - begun.operations(),
        (ended.nanos() - begun.nanos()) / 1e9,
        ended.allocated() - begun.allocated(),
        (ended.cpuNanos() - begun.cpuNanos()) / 1e9,
        grown,
        next.get());
  }

  private static Moment moment(LongAdder done, long[] threads, LongSupplier[] probes) {
    // A thread that has ended answers -1; none has at either moment unless it failed.
    long allocated = Arrays.stream(THREADS.getThreadAllocatedBytes(threads)).sum();
    long[] values = new long[probes.length];
    Arrays.setAll(values, i -> probes[i].getAsLong());
    return new Moment(System.nanoTime(), done.sum(), allocated, SYSTEM.getProcessCpuTime(), values);
  }
}
