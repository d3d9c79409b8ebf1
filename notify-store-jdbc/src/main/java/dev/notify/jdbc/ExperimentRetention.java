package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Deletes who was counted in experiments that nobody has come to for long. All of an experiment
 * goes together, so that counts are true for as long as there are any; the experiment itself stays,
 * for its winner is what people get. Each step is a short transaction, and the database rests after
 * it.
 */
final class ExperimentRetention {

  private static final int AT_ONCE = 500;

  /** From one name to the next by the index, however many rows each has. */
  private static final String NEXT =
      "SELECT MIN(experiment) AS name FROM notify_exposure WHERE experiment > ?";

  private static final String LAST =
      "SELECT MAX(at) AS last_at FROM notify_exposure WHERE experiment = ?";

  /** Exposures last: as long as there is one, the experiment is found again. */
  private static final List<String> TABLES = List.of("notify_conversion", "notify_exposure");

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;

  ExperimentRetention(Transactions transactions, Tables tables) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
  }

  /**
   * Goes through all experiments.
   *
   * @param cutoff those go that nobody was exposed to since
   * @return how many people of experiments were deleted
   */
  long pass(Instant cutoff, BooleanSupplier goesOn) {
    long pruned = 0;
    Optional<String> name = after("");
    while (name.isPresent() && goesOn.getAsBoolean()) {
      String experiment = name.get();
      if (transactions.read(connection -> isOver(connection, experiment, cutoff))) {
        for (String table : TABLES) {
          long deleted = prune(table, experiment, goesOn);
          pruned += table.equals("notify_exposure") ? deleted : 0;
        }
      }
      name = after(experiment);
    }
    return pruned;
  }

  private Optional<String> after(String name) {
    return transactions.read(
        connection -> {
          try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
            new Columns(database, statement).text(name);
            try (ResultSet rows = statement.executeQuery()) {
              return rows.next() ? Columns.text(rows, "name") : Optional.<String>empty();
            }
          }
        });
  }

  private boolean isOver(Connection connection, String experiment, Instant cutoff)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LAST)) {
      new Columns(database, statement).text(experiment);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            && rows.getObject("last_at") != null
            && database.time(rows, "last_at").isBefore(cutoff);
      }
    }
  }

  private long prune(String table, String experiment, BooleanSupplier goesOn) {
    long pruned = 0;
    while (goesOn.getAsBoolean()) {
      long began = System.nanoTime();
      int step = transactions.run(connection -> step(connection, table, experiment));
      if (step == 0) {
        break;
      }
      pruned += step;
      Retention.rest(System.nanoTime() - began);
    }
    return pruned;
  }

  private int step(Connection connection, String table, String experiment) throws SQLException {
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement =
        tables.prepare(
            connection, "SELECT key_hash FROM " + table + " WHERE experiment = ? LIMIT ?")) {
      new Columns(database, statement).text(experiment).number(AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getBytes("key_hash"));
        }
      }
    }
    if (!keys.isEmpty()) {
      // In one order, for another process may be at the same.
      keys.sort(Arrays::compareUnsigned);
      try (PreparedStatement statement =
          tables.prepare(connection, "DELETE FROM " + table + " WHERE key_hash = ?")) {
        Columns columns = new Columns(database, statement);
        for (byte[] key : keys) {
          columns.bytes(key).addBatch();
        }
        statement.executeBatch();
      }
    }
    return keys.size();
  }
}
