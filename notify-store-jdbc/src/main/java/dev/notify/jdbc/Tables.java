package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ConcurrentHashMap;

/** Our tables in one database, by the names they have there. */
final class Tables {

  private final Database database;
  private final TableNames names;

  /** Of statements whose text depends on how many values they have, not all are worth keeping. */
  private static final int MOST_KEPT = 500;

  private final ConcurrentHashMap<String, String> renamed = new ConcurrentHashMap<>();

  Tables(Database database, TableNames names) {
    this.database = database;
    this.names = names;
  }

  Database database() {
    return database;
  }

  TableNames names() {
    return names;
  }

  /** Prepares a statement that calls the tables {@code notify_...}. */
  PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    return connection.prepareStatement(named(sql));
  }

  /** As {@link #prepare}, for an insert that gives a key. */
  PreparedStatement prepareForKey(Connection connection, String sql) throws SQLException {
    return connection.prepareStatement(named(sql), Statement.RETURN_GENERATED_KEYS);
  }

  private String named(String sql) {
    String known = renamed.get(sql);
    if (known != null) {
      return known;
    }
    return renamed.size() < MOST_KEPT ? renamed.computeIfAbsent(sql, names::in) : names.in(sql);
  }
}
