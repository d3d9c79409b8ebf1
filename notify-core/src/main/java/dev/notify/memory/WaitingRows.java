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
  private final TreeSet<Row> later =
      new TreeSet<>(
          Comparator.comparing((Row row) -> row.delivery.due())
              .thenComparing(row -> row.delivery.id()));

  void add(Row row) {
    if (row.delivery.due().isAfter(row.delivery.updatedAt())) {
      later.add(row);
    } else {
      addReady(row);
    }
  }

  private void addReady(Row row) {
    ready.computeIfAbsent(row.delivery.lane(), lane -> new LinkedHashSet<>()).add(row);
  }

  boolean remove(Row row) {
    LinkedHashSet<Row> lane = ready.get(row.delivery.lane());
    return (lane != null && lane.remove(row)) || later.remove(row);
  }

  /** Moves what has become due into its lane. */
  void wakeUntil(Instant now) {
    while (!later.isEmpty() && !later.first().delivery.due().isAfter(now)) {
      Row row = later.first();
      later.remove(row);
      addReady(row);
    }
  }

  @Nullable Row poll(Lane lane) {
    LinkedHashSet<Row> rows = ready.get(lane);
    if (rows == null || rows.isEmpty()) {
      return null;
    }
    Row first = rows.iterator().next();
    rows.remove(first);
    return first;
  }

  Optional<Instant> nextDue() {
    return later.isEmpty() ? Optional.empty() : Optional.of(later.first().delivery.due());
  }

  Stream<Row> stream() {
    return Stream.concat(ready.values().stream().flatMap(LinkedHashSet::stream), later.stream());
  }
}
