package dev.notify.jdbc;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import dev.notify.spi.RollupStore.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What applications' transactions count. They may last long and count in any order, so they must
 * lock no counter, for others would wait for their end, and two of them for each other for ever.
 * Each delivery gets a row of its own instead, which whoever tidies up next adds to the counters;
 * until then, whoever asks counts the rows.
 */
final class Tally {

  static final int AT_ONCE = 500;

  private static final String INSERT =
      "INSERT INTO notify_tally (id, accepted_hour, ended_hour, type, measure, tuple_id, "
          + Tuples.COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String SELECT =
      "SELECT id, accepted_hour, ended_hour, type, measure, "
          + Tuples.COLUMNS
          + " FROM notify_tally ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED";

  private static final String DELETE = "DELETE FROM notify_tally WHERE id = ?";

  private final Tables tables;
  private final Database database;
  private final Counts counts;
  private final Rollups rollups;

  Tally(Tables tables, Counts counts, Rollups rollups) {
    this.tables = tables;
    this.counts = counts;
    this.rollups = rollups;
    database = tables.database();
  }

  /** Notes deliveries that have come to an end, unsent: nothing is sent before the commit. */
  void ended(Connection connection, List<Delivery> deliveries) throws SQLException {
    if (deliveries.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      Columns columns = new Columns(database, statement);
      for (Delivery delivery : deliveries) {
        Tuple tuple = Tuple.of(delivery, delivery.provider());
        List<Integer> measures = new ArrayList<>(1);
        RollupStore.count(delivery, true, (measure, amount) -> measures.add(measure));
        columns
            .id(delivery.id().value())
            .time(Statistics.hourOf(delivery.createdAt()))
            .time(Statistics.hourOf(delivery.updatedAt()))
            .number(Codes.of(Type.valueOf(delivery.status().name())))
            .numberOrNull(measures.isEmpty() ? null : measures.get(0).longValue())
            .id(rollups.tuples().id(tuple));
        Tuples.set(columns, tuple).addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Adds some rows to the counters.
   *
   * @return whether there may be more
   */
  boolean addUp(Connection connection) throws SQLException {
    List<UUID> taken = new ArrayList<>();
    Map<Rollups.Key, Long> byAcceptance = new HashMap<>();
    Map<Counts.Key, Long> byTime = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, SELECT)) {
      new Columns(database, statement).number(AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          taken.add(database.id(rows, "id"));
          Counts.Key when =
              new Counts.Key(
                  Counts.EVERYTHING,
                  database.time(rows, "ended_hour"),
                  Channel.of(rows.getString("channel")),
                  Codes.event(rows.getInt("type")));
          byTime.merge(when, 1L, Long::sum);
          int measure = rows.getInt("measure");
          if (!rows.wasNull()) {
            Tuple tuple = Tuples.read(rows, Columns.text(rows, "provider"));
            byAcceptance.merge(
                new Rollups.Key(database.time(rows, "accepted_hour"), tuple, measure),
                1L,
                Long::sum);
          }
        }
      }
    }
    if (taken.isEmpty()) {
      return false;
    }
    try (PreparedStatement statement = tables.prepare(connection, DELETE)) {
      Columns columns = new Columns(database, statement);
      for (UUID id : taken) {
        columns.id(id).addBatch();
      }
      statement.executeBatch();
    }
    rollups.add(connection, byAcceptance, counts.shard());
    counts.add(connection, byTime, counts.shard());
    return taken.size() == AT_ONCE;
  }
}
