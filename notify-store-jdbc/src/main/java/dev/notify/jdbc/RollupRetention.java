package dev.notify.jdbc;

import dev.notify.jdbc.Rollups.Counter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Makes days of the hours of days that are past, so that a month is answered from few rows, and
 * deletes what is older than can be of use. One hour, or one day, in a transaction; several
 * processes may do so at once.
 */
final class RollupRetention {

  /** The week of a report is known by the hour in every zone. */
  static final Duration HOURS_KEPT = Duration.ofDays(9);

  /** Two years can be compared, and a month more. */
  static final Duration DAYS_KEPT = Duration.ofDays(775);

  private static final int MERGED = 0;

  private static final String OLDEST =
      "SELECT bucket FROM notify_rollup WHERE grain = ? AND bucket >= ? AND bucket < ?"
          + " ORDER BY bucket LIMIT 1";

  /** What others have in hand stays for the next time. */
  private static final String ROWS =
      """
      SELECT tuple_id, measure, shard, amount FROM notify_rollup
      WHERE grain = ? AND bucket = ? FOR UPDATE SKIP LOCKED""";

  /** One by one, for new ones may have come since they were read. */
  private static final String DELETE =
      "DELETE FROM notify_rollup"
          + " WHERE grain = ? AND bucket = ? AND tuple_id = ? AND measure = ? AND shard = ?";

  private static final String DAY = "DELETE FROM notify_rollup WHERE grain = ? AND bucket = ?";

  /** When no day is left that may have been counted of a tuple, whatever a clock says. */
  private static final Duration TUPLES_KEPT = DAYS_KEPT.plus(Tuples.GIVE).plus(Duration.ofDays(2));

  private static final int TUPLES_AT_ONCE = 500;

  private static final String OLD_TUPLES =
      "SELECT id FROM notify_tuple WHERE last_bucket < ? ORDER BY last_bucket LIMIT ?";

  /** Somebody may just have said that they need it. */
  private static final String TUPLE = "DELETE FROM notify_tuple WHERE id = ? AND last_bucket < ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Counters<Counter> counters;

  RollupRetention(Transactions transactions, Tables tables, Rollups rollups) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.counters = rollups.counters();
  }

  void pass(Instant now, BooleanSupplier goesOn) {
    Instant lastDay = now.minus(HOURS_KEPT).truncatedTo(ChronoUnit.DAYS);
    eachBefore(lastDay, Rollups.HOUR, goesOn, this::merge);
    eachBefore(now.minus(DAYS_KEPT), Rollups.DAY, goesOn, this::delete);
    boolean more = true;
    while (more && goesOn.getAsBoolean()) {
      more = transactions.run(connection -> deleteTuples(connection, now.minus(TUPLES_KEPT)));
    }
  }

  private interface Step {
    void take(Connection connection, Instant bucket) throws SQLException;
  }

  private void eachBefore(Instant end, int grain, BooleanSupplier goesOn, Step step) {
    Instant after = Instant.EPOCH;
    while (goesOn.getAsBoolean()) {
      Instant from = after;
      long began = System.nanoTime();
      Optional<Instant> oldest =
          transactions.run(
              connection -> {
                Optional<Instant> found = oldest(connection, grain, from, end);
                if (found.isPresent()) {
                  step.take(connection, found.get());
                }
                return found;
              });
      if (oldest.isEmpty()) {
        return;
      }
      after = oldest.get().plus(1, ChronoUnit.HOURS);
      Retention.rest(System.nanoTime() - began);
    }
  }

  private Optional<Instant> oldest(Connection connection, int grain, Instant from, Instant end)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, OLDEST)) {
      new Columns(database, statement).number(grain).time(from).time(end);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(database.time(rows, "bucket")) : Optional.empty();
      }
    }
  }

  private record Part(Counter counter, int shard) {}

  private void merge(Connection connection, Instant hour) throws SQLException {
    List<Part> parts = new ArrayList<>();
    Map<Counter, Long> sums = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, ROWS)) {
      new Columns(database, statement).number(Rollups.HOUR).time(hour);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Counter counter =
              new Counter(
                  Rollups.HOUR, hour, database.id(rows, "tuple_id"), rows.getInt("measure"));
          parts.add(new Part(counter, rows.getInt("shard")));
          sums.merge(
              new Counter(
                  Rollups.DAY,
                  hour.truncatedTo(ChronoUnit.DAYS),
                  counter.tuple(),
                  counter.measure()),
              rows.getLong("amount"),
              Long::sum);
        }
      }
    }
    if (parts.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, DELETE)) {
      Columns columns = new Columns(database, statement);
      for (Part part : parts) {
        counters.set(columns, part.counter(), part.shard()).addBatch();
      }
      statement.executeBatch();
    }
    counters.add(connection, sums, MERGED);
  }

  private void delete(Connection connection, Instant day) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, DAY)) {
      new Columns(database, statement).number(Rollups.DAY).time(day);
      statement.executeUpdate();
    }
  }

  /** Always in the same order, so that two nodes cannot deadlock. */
  private boolean deleteTuples(Connection connection, Instant end) throws SQLException {
    TreeSet<UUID> old = new TreeSet<>();
    try (PreparedStatement statement = tables.prepare(connection, OLD_TUPLES)) {
      new Columns(database, statement).time(end).number(TUPLES_AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          old.add(database.id(rows, "id"));
        }
      }
    }
    if (!old.isEmpty()) {
      try (PreparedStatement statement = tables.prepare(connection, TUPLE)) {
        Columns columns = new Columns(database, statement);
        for (UUID id : old) {
          columns.id(id).time(end).addBatch();
        }
        statement.executeBatch();
      }
    }
    return old.size() == TUPLES_AT_ONCE;
  }
}
