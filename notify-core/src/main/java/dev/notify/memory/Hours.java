package dev.notify.memory;

import dev.notify.model.Statistics;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is counted by the hour; whoever counts lets the oldest go. Not thread-safe. */
final class Hours<T> {

  /** A month. */
  static final int MOST = 31 * 24;

  private static final long SECONDS = 3_600;

  private final TreeMap<Instant, T> byBeginning = new TreeMap<>();
  private final Supplier<T> empty;

  /** Nearly everything belongs to the hour that was asked for last. */
  private long lastBeginning;

  private @Nullable T last;

  Hours(Supplier<T> empty) {
    this.empty = empty;
  }

  /** The hour that a moment lies in. */
  T at(Instant moment) {
    long since = moment.getEpochSecond() - lastBeginning;
    T known = last;
    if (known != null && since >= 0 && since < SECONDS) {
      return known;
    }
    Instant beginning = Statistics.hourOf(moment);
    T hour = byBeginning.computeIfAbsent(beginning, any -> empty.get());
    lastBeginning = beginning.getEpochSecond();
    last = hour;
    return hour;
  }

  Map.Entry<Instant, T> removeOldest() {
    last = null;
    return byBeginning.pollFirstEntry();
  }

  int size() {
    return byBeginning.size();
  }

  /** Those that touch this time. */
  SortedMap<Instant, T> between(Instant from, Instant until) {
    return byBeginning.subMap(Statistics.hourOf(from), until);
  }
}
