package dev.notify.jdbc;

import dev.notify.jdbc.Counters.Column;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Reason;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import dev.notify.spi.RollupStore.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts for analytics in the transaction in which something happens, by the hour in which its
 * delivery was accepted. What a batch counts mostly falls into few counters.
 */
final class Rollups {

  static final int HOUR = 1;
  static final int DAY = 24;

  private static final String TOLD =
      """
      SELECT 1 FROM notify_event
      WHERE delivery_id = ? AND type IN (?, ?) AND (reason_code IS NULL OR reason_code <> ?)
      LIMIT 1""";

  private static final List<Column<Counter>> KEY =
      List.of(
          Column.number("grain", Counter::grain),
          Column.time("bucket", Counter::bucket),
          Column.id("tuple_id", Counter::tuple),
          Column.number("measure", Counter::measure));

  private final Tables tables;
  private final Database database;
  private final Counters<Counter> counters;
  private final Tuples tuples;

  Rollups(Tables tables) {
    this.tables = tables;
    database = tables.database();
    counters = new Counters<>(tables, "notify_rollup", KEY);
    tuples = new Tuples(tables);
  }

  Counters<Counter> counters() {
    return counters;
  }

  Tuples tuples() {
    return tuples;
  }

  /** What is counted of a tuple. */
  record Key(Instant bucket, Tuple tuple, int measure) {}

  /**
   * A counter.
   *
   * @param grain how many hours it is for
   */
  record Counter(int grain, Instant bucket, UUID tuple, int measure)
      implements Comparable<Counter> {

    private static final Comparator<Counter> ORDER =
        Comparator.comparingInt(Counter::grain)
            .thenComparing(Counter::bucket)
            .thenComparing(Counter::tuple)
            .thenComparingInt(Counter::measure);

    /** Whoever locks several, locks them in this order. */
    @Override
    public int compareTo(Counter other) {
      return ORDER.compare(this, other);
    }
  }

  /** Adds that a delivery came to where it stands to what is to be counted. */
  static void note(Map<Key, Long> amounts, Delivery delivery, boolean wasOpen) {
    Tuple tuple = Tuple.of(delivery, delivery.provider());
    Instant bucket = Statistics.hourOf(delivery.createdAt());
    RollupStore.count(
        delivery,
        wasOpen,
        (measure, amount) -> amounts.merge(new Key(bucket, tuple, measure), amount, Long::sum));
  }

  /** Adds that a delivery came to a stage by an event, if nothing like it was told before. */
  void note(Connection connection, Map<Key, Long> amounts, Delivery delivery, DeliveryEvent event)
      throws SQLException {
    Optional<Stage> stage = RollupStore.stage(event);
    if (stage.isPresent() && RollupStore.isCounted(delivery) && !wasTold(connection, event)) {
      Instant bucket = Statistics.hourOf(delivery.createdAt());
      Tuple tuple = Tuple.of(delivery, event.provider());
      amounts.merge(new Key(bucket, tuple, stage.get().code()), 1L, Long::sum);
    }
  }

  private boolean wasTold(Connection connection, DeliveryEvent event) throws SQLException {
    List<Integer> types = RollupStore.alike(event.type()).stream().map(Codes::of).toList();
    try (PreparedStatement statement = tables.prepare(connection, TOLD)) {
      new Columns(database, statement)
          .id(event.deliveryId().value())
          .number(types.get(0))
          .number(types.get(types.size() - 1))
          .text(Reason.MACHINE);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Counts deliveries that have come to an end. */
  void ended(Connection connection, List<Delivery> deliveries, int shard) throws SQLException {
    Map<Key, Long> amounts = new HashMap<>();
    for (Delivery delivery : deliveries) {
      note(amounts, delivery, true);
    }
    add(connection, amounts, shard);
  }

  /** Adds to counters. */
  void add(Connection connection, Map<Key, Long> amounts, int shard) throws SQLException {
    Map<Counter, Long> sums = new HashMap<>();
    Tuples.Needs needs = tuples.new Needs();
    amounts.forEach(
        (key, amount) -> {
          UUID id = needs.id(key.tuple(), key.bucket());
          sums.merge(new Counter(HOUR, key.bucket(), id, key.measure()), amount, Long::sum);
        });
    needs.meet(connection);
    counters.add(connection, sums, shard);
  }
}
