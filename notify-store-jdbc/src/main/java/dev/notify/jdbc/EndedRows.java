package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Deletes the rows of a table whose time has ended, by {@code ends_at} and {@code key_hash}, in
 * short transactions with rests between them.
 */
final class EndedRows {

  private static final int AT_ONCE = 500;

  private final Transactions transactions;
  private final Tables tables;
  private final InstantSource clock;
  private final String ended;
  private final String delete;

  EndedRows(Transactions transactions, Tables tables, InstantSource clock, String table) {
    this.transactions = transactions;
    this.tables = tables;
    this.clock = clock;
    ended =
        "SELECT key_hash FROM "
            + table
            + " WHERE ends_at <= ? ORDER BY ends_at LIMIT ? FOR UPDATE SKIP LOCKED";
    delete = "DELETE FROM " + table + " WHERE key_hash = ?";
  }

  /**
   * Deletes all of them.
   *
   * @param goesOn asked before each step
   */
  void prune(BooleanSupplier goesOn) {
    int pruned = AT_ONCE;
    while (pruned == AT_ONCE && goesOn.getAsBoolean()) {
      long began = System.nanoTime();
      pruned = transactions.run(this::prune);
      Retention.rest(System.nanoTime() - began);
    }
  }

  private int prune(Connection connection) throws SQLException {
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, ended)) {
      new Columns(tables.database(), statement).time(clock.instant()).number(AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getBytes("key_hash"));
        }
      }
    }
    if (!keys.isEmpty()) {
      try (PreparedStatement statement = tables.prepare(connection, delete)) {
        Columns columns = new Columns(tables.database(), statement);
        for (byte[] key : keys) {
          columns.bytes(key).addBatch();
        }
        statement.executeBatch();
      }
    }
    return keys.size();
  }
}
