package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Deletes broadcasts that were finished long ago, with what was counted of them, and hours of the
 * statistics that are past. One broadcast or one hour in a transaction.
 */
final class CountRetention {

  /** As far ahead as can be scheduled, so that a year can be compared with the one before. */
  static final Duration HOURS_KEPT = Duration.ofDays(400);

  private static final int AT_ONCE = 100;

  /** Ids and broadcasts have their times from clocks that may differ a little. */
  private static final Duration DOUBT = Duration.ofHours(1);

  private static final UUID FIRST = new UUID(0, 0);

  private static final String FINISHED =
      """
      SELECT id FROM notify_broadcast WHERE id > ? AND finished = TRUE AND due < ?
      ORDER BY id LIMIT ?""";

  private static final String LOCK =
      """
      SELECT created_at, due FROM notify_broadcast WHERE id = ? AND finished = TRUE
      FOR UPDATE SKIP LOCKED""";

  /** By the range of ids that it can have, since messages have no index for it. */
  private static final String LEFT =
      """
      SELECT id FROM notify_message WHERE id >= ? AND id < ? AND broadcast_id = ?
      ORDER BY id LIMIT 1""";

  private static final List<String> BROADCAST =
      List.of(
          "DELETE FROM notify_count WHERE scope = ?", "DELETE FROM notify_broadcast WHERE id = ?");

  private static final String OLDEST_HOUR =
      "SELECT bucket FROM notify_count WHERE scope = ? AND bucket < ? ORDER BY bucket LIMIT 1";

  private static final String HOUR = "DELETE FROM notify_count WHERE scope = ? AND bucket = ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;

  CountRetention(Transactions transactions, Tables tables) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
  }

  /** Deletes broadcasts that were finished before, if none of their messages is left. */
  void pruneBroadcasts(Instant cutoff, BooleanSupplier goesOn) {
    UUID reached = FIRST;
    for (List<UUID> step = finished(reached, cutoff); !step.isEmpty(); ) {
      for (UUID id : step) {
        if (!goesOn.getAsBoolean()) {
          return;
        }
        long began = System.nanoTime();
        boolean ignored = transactions.run(connection -> prune(connection, id));
        Retention.rest(System.nanoTime() - began);
      }
      reached = step.get(step.size() - 1);
      step = finished(reached, cutoff);
    }
  }

  private List<UUID> finished(UUID after, Instant cutoff) {
    return transactions.read(
        connection -> {
          List<UUID> found = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, FINISHED)) {
            new Columns(database, statement).id(after).time(cutoff).number(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(database.id(rows, "id"));
              }
            }
          }
          return found;
        });
  }

  private boolean prune(Connection connection, UUID broadcast) throws SQLException {
    Instant from;
    Instant to;
    try (PreparedStatement statement = tables.prepare(connection, LOCK)) {
      new Columns(database, statement).id(broadcast);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return false;
        }
        from = database.time(rows, "created_at").minus(DOUBT);
        to = database.time(rows, "due").plus(DOUBT);
      }
    }
    if (hasMessages(connection, broadcast, from, to)) {
      // They need what it says, and stay for a reason: something changed lately, or is damaged.
      return false;
    }
    for (String sql : BROADCAST) {
      try (PreparedStatement statement = tables.prepare(connection, sql)) {
        new Columns(database, statement).id(broadcast);
        statement.executeUpdate();
      }
    }
    return true;
  }

  private boolean hasMessages(Connection connection, UUID broadcast, Instant from, Instant to)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LEFT)) {
      new Columns(database, statement)
          .id(Retention.smallestId(from))
          .id(Retention.smallestId(to))
          .id(broadcast);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Deletes what was counted of all deliveries before. */
  void pruneHours(Instant cutoff, BooleanSupplier goesOn) {
    boolean more = true;
    while (more && goesOn.getAsBoolean()) {
      long began = System.nanoTime();
      more = transactions.run(connection -> pruneHour(connection, cutoff));
      Retention.rest(System.nanoTime() - began);
    }
  }

  private boolean pruneHour(Connection connection, Instant cutoff) throws SQLException {
    Optional<Instant> oldest = Optional.empty();
    try (PreparedStatement statement = tables.prepare(connection, OLDEST_HOUR)) {
      new Columns(database, statement).id(Counts.EVERYTHING).time(cutoff);
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          oldest = Optional.of(database.time(rows, "bucket"));
        }
      }
    }
    if (oldest.isPresent()) {
      try (PreparedStatement statement = tables.prepare(connection, HOUR)) {
        new Columns(database, statement).id(Counts.EVERYTHING).time(oldest.get());
        statement.executeUpdate();
      }
    }
    return oldest.isPresent();
  }
}
