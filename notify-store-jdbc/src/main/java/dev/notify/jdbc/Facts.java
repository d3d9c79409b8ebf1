package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import dev.notify.model.RecipientEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What segments ask for of each person, one row a fact. Written under the lock of the person's row.
 */
final class Facts {

  private static final String FIND =
      "SELECT name, content FROM notify_fact WHERE recipient_serial = ?";

  private static final String ADD =
      "INSERT INTO notify_fact (content, recipient_serial, name) VALUES (?, ?, ?)";

  private static final String CHANGE =
      "UPDATE notify_fact SET content = ? WHERE recipient_serial = ? AND name = ?";

  private static final String REMOVE =
      "DELETE FROM notify_fact WHERE recipient_serial = ? AND name = ?";

  private final Tables tables;
  private final Predicate<String> isSearchable;

  /**
   * Facts in these tables.
   *
   * @param isSearchable whether one of this name is kept there
   */
  Facts(Tables tables, Predicate<String> isSearchable) {
    this.tables = tables;
    this.isSearchable = isSearchable;
  }

  void requireSearchable(String audience, Collection<String> facts) {
    for (String fact : facts) {
      if (!isSearchable.test(fact)) {
        throw new ConfigurationException(
            "audience "
                + audience
                + ": the attribute '"
                + fact
                + "' is encrypted; name it in JdbcStoreBuilder.searchable");
      }
    }
  }

  /**
   * Makes the rows those of this person. Goes by the rows that are there, not by what the person
   * was before: the store may have learned since what may be asked for.
   */
  void write(Connection connection, long serial, RecipientEntry entry) throws SQLException {
    Map<String, byte[]> old = find(connection, serial);
    Map<String, byte[]> added = new HashMap<>();
    Map<String, byte[]> changed = new HashMap<>();
    Set<String> gone = new HashSet<>(old.keySet());
    for (Map.Entry<String, Object> fact : entry.facts().entrySet()) {
      String name = fact.getKey();
      if (isSearchable.test(name)) {
        byte[] value = FactBytes.of(fact.getValue());
        byte[] before = old.get(name);
        gone.remove(name);
        if (before == null) {
          added.put(name, value);
        } else if (!Arrays.equals(before, value)) {
          changed.put(name, value);
        }
      }
    }
    write(connection, ADD, serial, added);
    write(connection, CHANGE, serial, changed);
    remove(connection, serial, gone);
  }

  private Map<String, byte[]> find(Connection connection, long serial) throws SQLException {
    Map<String, byte[]> facts = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, FIND)) {
      new Columns(tables.database(), statement).number(serial);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          facts.put(rows.getString("name"), rows.getBytes("content"));
        }
      }
    }
    return facts;
  }

  private void write(Connection connection, String sql, long serial, Map<String, byte[]> facts)
      throws SQLException {
    if (facts.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(tables.database(), statement);
      for (Map.Entry<String, byte[]> fact : facts.entrySet()) {
        columns.bytes(fact.getValue()).number(serial).text(fact.getKey()).addBatch();
      }
      statement.executeBatch();
    }
  }

  private void remove(Connection connection, long serial, Set<String> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, REMOVE)) {
      Columns columns = new Columns(tables.database(), statement);
      for (String name : names) {
        columns.number(serial).text(name).addBatch();
      }
      statement.executeBatch();
    }
  }
}
