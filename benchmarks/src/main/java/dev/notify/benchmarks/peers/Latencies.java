package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** When each message was sent and when it was handled, by {@code System.nanoTime}. */
final class Latencies {

  private final AtomicLongArray sent;
  private final AtomicLongArray handled;

  Latencies(int most) {
    sent = new AtomicLongArray(most);
    handled = new AtomicLongArray(most);
  }

  int most() {
    return sent.length();
  }

  void sent(int number) {
    sent.set(number, System.nanoTime());
  }

  /** Only the first time counts. */
  void handled(int number) {
    handled.compareAndSet(number, 0, System.nanoTime());
  }

  /** Takes a message out. */
  void forget(int number) {
    sent.set(number, 0);
  }

  /**
   * Milliseconds from sent to handled, sorted, of what has both; one that was handled before its
   * sender knew has 0.
   *
   * @param from number of the first that counts
   */
  double[] millis(int from) {
    double[] millis = new double[most()];
    int count = 0;
    for (int number = from; number < most(); number++) {
      if (sent.get(number) != 0 && handled.get(number) != 0) {
        millis[count++] = Math.max(0, handled.get(number) - sent.get(number)) / 1e6;
      }
    }
    double[] sorted = Arrays.copyOf(millis, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The value below which this share of the sorted values lies; not a number if there is none. */
  static double percentile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  static String summary(double[] sorted) {
    return "%d samples, p50 %s, p90 %s, p99 %s, worst %s ms"
        .formatted(
            sorted.length,
            Figure.number(percentile(sorted, 0.5)),
            Figure.number(percentile(sorted, 0.9)),
            Figure.number(percentile(sorted, 0.99)),
            Figure.number(percentile(sorted, 1)));
  }
}
