package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Figure;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What was seen at one moment, or since the one before.
 *
 * @param seconds since the first message was due
 * @param heap megabytes, alive for certain and after the last collection
 * @param tables megabytes and rows
 * @param call from when a message was due to its first provider call
 * @param send of {@code send()} itself
 * @param process what the process holds
 */
record Sample(
    double seconds, HeapUse heap, TableUse tables, Times call, Times send, ProcessUse process) {

  /**
   * The heap, in megabytes.
   *
   * @param alive after everything was collected; not a number where it was not this time
   * @param afterCollection after the last collection, of whatever kind
   */
  record HeapUse(double alive, double afterCollection) {}

  /**
   * The database.
   *
   * @param hotMegabytes open deliveries, with indexes
   * @param allMegabytes all tables, with indexes
   * @param open deliveries that have not come to their end
   * @param dead rows of open deliveries that vacuum has not taken yet
   * @param kept messages that retention has not taken yet, about
   */
  record TableUse(double hotMegabytes, double allMegabytes, long open, long dead, long kept) {}

  /** Milliseconds since the sample before; not numbers where nothing happened. */
  record Times(double p50, double p99, double p999) {
    static Times of(Histogram micros) {
      return micros.getTotalCount() == 0
          ? new Times(Double.NaN, Double.NaN, Double.NaN)
          : new Times(millis(micros, 50), millis(micros, 99), millis(micros, 99.9));
    }

    private static double millis(Histogram micros, double percentile) {
      return micros.getValueAtPercentile(percentile) / 1e3;
    }
  }

  /** Threads and open files of the process, connections that its pool has made. */
  record ProcessUse(int threads, long files, int connections) {}

  /** Rows that are there, of each kind. */
  record Kept(long messages, long outcomes, long attempts, long events) {
    @Override
    public String toString() {
      return "%d messages; for each of them %s outcomes, %s attempts, %s events"
          .formatted(messages, share(outcomes), share(attempts), share(events));
    }

    private String share(long rows) {
      return Figure.number((double) rows / messages);
    }
  }

  static final String HEADER =
      "seconds,heap_alive_mb,heap_after_collection_mb,hot_mb,all_mb,open,dead_rows,kept,"
          + "call_p50_ms,call_p99_ms,call_p999_ms,send_p50_ms,send_p99_ms,send_p999_ms,"
          + "threads,files,connections";

  /** One line of a table for machines; empty where there is no number. */
  String csv() {
    return Arrays.stream(
            new double[] {
              seconds,
              heap.alive(),
              heap.afterCollection(),
              tables.hotMegabytes(),
              tables.allMegabytes(),
              tables.open(),
              tables.dead(),
              tables.kept(),
              call.p50(),
              call.p99(),
              call.p999(),
              send.p50(),
              send.p99(),
              send.p999(),
              process.threads(),
              process.files(),
              process.connections()
            })
        .mapToObj(value -> Double.isNaN(value) ? "" : Figure.number(value))
        .collect(Collectors.joining(","));
  }
}
