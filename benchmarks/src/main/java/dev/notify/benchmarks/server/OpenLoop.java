package dev.notify.benchmarks.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends at fixed times, whatever the answers do. A latency counts from the time at which a request
 * was to be sent, so one that had to wait because others were slow shows that wait (no coordinated
 * omission).
 */
final class OpenLoop {

  /** Connections; a request waits for one, and its clock runs, when so many are under way. */
  private static final int CONNECTIONS = 64;

  private static final long LONGEST_MICROS = 120_000_000;
  private static final long NANOS = 1_000_000_000L;

  /** One request; answers with whether it was taken. */
  @FunctionalInterface
  interface Sending {
    boolean send(Wire wire, int number) throws IOException;
  }

  /** Makes a connection. */
  @FunctionalInterface
  interface Connecting {
    Wire connect() throws IOException;
  }

  /**
   * What was found.
   *
   * @param micros latencies of all requests
   * @param accepted how many were taken
   * @param refused how many were not, or broke
   * @param seconds from the first time of the schedule to the last answer
   */
  record Result(Histogram micros, int accepted, int refused, double seconds) {
    double rate() {
      return accepted / seconds;
    }

    double millis(double percentile) {
      return micros.getValueAtPercentile(percentile) / 1_000.0;
    }
  }

  private final Connecting connecting;
  private final Sending sending;

  OpenLoop(Connecting connecting, Sending sending) {
    this.connecting = connecting;
    this.sending = sending;
  }

  Result run(int rate, int seconds) throws InterruptedException, IOException {
    int all = rate * seconds;
    Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    AtomicInteger next = new AtomicInteger();
    AtomicInteger accepted = new AtomicInteger();
    ConcurrentLinkedQueue<Exception> faults = new ConcurrentLinkedQueue<>();
    long begin = System.nanoTime() + NANOS / 10;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Wire wire = connecting.connect();
      Thread thread =
          new Thread(
              () -> {
                try (wire) {
                  for (int turn = next.getAndIncrement();
                      turn < all;
                      turn = next.getAndIncrement()) {
                    long due = begin + turn * NANOS / rate;
                    await(due);
                    boolean taken = sending.send(wire, turn);
                    micros.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - due) / 1_000));
                    accepted.addAndGet(taken ? 1 : 0);
                  }
                } catch (IOException | RuntimeException e) {
                  faults.add(e);
                }
              },
              "client-" + i);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - begin) / (double) NANOS;
    Exception fault = faults.poll();
    if (fault != null) {
      throw new IOException("a connection broke: " + fault, fault);
    }
    return new Result(micros, accepted.get(), all - accepted.get(), took);
  }

  private static void await(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
