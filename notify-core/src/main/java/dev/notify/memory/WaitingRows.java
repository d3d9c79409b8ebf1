package dev.notify.memory;

import dev.notify.model.Lane;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Open deliveries that are in nobody's hands: those that are due by lane, the others by time. */
final class WaitingRows {

  private final Map<Lane, LinkedHashSet<Row>> ready = new HashMap<>();
  private final Map<Lane, LinkedHashSet<Row>> woken = new HashMap<>();
  private final TreeSet<Row> later =
      new TreeSet<>(
          Comparator.comparing((Row row) -> row.delivery.due())
              .thenComparing(row -> row.delivery.id()));

  void add(Row row) {
    if (row.delivery.due().isAfter(row.delivery.updatedAt())) {
      later.add(row);
    } else {
      addTo(ready, row);
    }
  }

  private static void addTo(Map<Lane, LinkedHashSet<Row>> lanes, Row row) {
    lanes.computeIfAbsent(row.delivery.lane(), lane -> new LinkedHashSet<>()).add(row);
  }

  boolean remove(Row row) {
    return removeFrom(ready, row) || removeFrom(woken, row) || later.remove(row);
  }

  private static boolean removeFrom(Map<Lane, LinkedHashSet<Row>> lanes, Row row) {
    LinkedHashSet<Row> lane = lanes.get(row.delivery.lane());
    return lane != null && lane.remove(row);
  }

  /** Moves what has become due into its lane. */
  void wakeUntil(Instant now) {
    while (!later.isEmpty() && !later.first().delivery.due().isAfter(now)) {
      Row row = later.first();
      later.remove(row);
      addTo(woken, row);
    }
  }

  /** Whichever was due first: both queues are in that order, each by itself. */
  @Nullable Row poll(Lane lane) {
    Row atOnce = first(ready, lane);
    Row waited = first(woken, lane);
    Row next =
        atOnce == null || (waited != null && waited.delivery.due().isBefore(atOnce.delivery.due()))
            ? waited
            : atOnce;
    if (next != null) {
      remove(next);
    }
    return next;
  }

  private static @Nullable Row first(Map<Lane, LinkedHashSet<Row>> lanes, Lane lane) {
    LinkedHashSet<Row> rows = lanes.get(lane);
    return rows == null || rows.isEmpty() ? null : rows.iterator().next();
  }

  Optional<Instant> nextDue() {
    return later.isEmpty() ? Optional.empty() : Optional.of(later.first().delivery.due());
  }

  Stream<Row> stream() {
    return Stream.concat(
        Stream.of(ready, woken)
            .flatMap(lanes -> lanes.values().stream())
            .flatMap(LinkedHashSet::stream),
        later.stream());
  }
}
