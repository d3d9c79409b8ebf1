package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rows that say who has an inbox open. Each process has its own, so that one whose people leave
 * takes nothing back that another says.
 */
final class Presence {

  private static final String COLUMNS =
      "SELECT user_hash, process, present_until FROM notify_inboxpresence";

  private static final String INSERT =
      "INSERT INTO notify_inboxpresence (present_until, user_hash, process) VALUES (?, ?, ?)";

  private static final String UPDATE =
      "UPDATE notify_inboxpresence SET present_until = ? WHERE user_hash = ? AND process = ?";

  private static final String IS_PRESENT =
      "SELECT 1 FROM notify_inboxpresence WHERE user_hash = ? AND present_until > ?";

  private static final String FORGET = "DELETE FROM notify_inboxpresence WHERE user_hash = ?";

  private static final String PRUNE = "DELETE FROM notify_inboxpresence WHERE present_until <= ?";

  private final UUID process = UUID.randomUUID();
  private final Tables tables;
  private final Database database;
  private final ByHash several;

  Presence(Tables tables) {
    this.tables = tables;
    database = tables.database();
    several = new ByHash(tables, COLUMNS, "user_hash");
  }

  /** Notes these users until then, which may be sooner than was noted before. */
  void note(Connection connection, Collection<String> userIds, Instant until) throws SQLException {
    TreeMap<String, byte[]> all = new TreeMap<>();
    for (String userId : userIds) {
      byte[] hash = InboxUsers.hash(userId);
      all.put(HexFormat.of().formatHex(hash), hash);
    }
    Set<String> known = new HashSet<>();
    several.read(
        connection,
        List.copyOf(all.values()),
        row -> {
          if (database.id(row, "process").equals(process)) {
            known.add(HexFormat.of().formatHex(row.getBytes("user_hash")));
          }
        });
    try (PreparedStatement update = tables.prepare(connection, UPDATE);
        PreparedStatement insert = tables.prepare(connection, INSERT)) {
      for (var one : all.entrySet()) {
        new Columns(database, known.contains(one.getKey()) ? update : insert)
            .time(until)
            .bytes(one.getValue())
            .id(process)
            .addBatch();
      }
      run(update, known.size());
      run(insert, all.size() - known.size());
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  private static void run(PreparedStatement statement, int rows) throws SQLException {
    if (rows > 0) {
      int[] ignored = statement.executeBatch();
    }
  }

  boolean isPresent(Connection connection, String userId, Instant now) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, IS_PRESENT)) {
      new Columns(database, statement).bytes(InboxUsers.hash(userId)).time(now);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Those of these users that are present, by their hashes as hexadecimal digits. */
  Set<String> presentOf(Connection connection, List<byte[]> hashes, Instant now)
      throws SQLException {
    Set<String> present = new HashSet<>();
    several.read(
        connection,
        hashes,
        row -> {
          if (database.time(row, "present_until").isAfter(now)) {
            present.add(HexFormat.of().formatHex(row.getBytes("user_hash")));
          }
        });
    return present;
  }

  void forget(Connection connection, String userId) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, FORGET)) {
      new Columns(database, statement).bytes(InboxUsers.hash(userId));
      statement.executeUpdate();
    }
  }

  /** Deletes what is over. */
  int prune(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, PRUNE)) {
      new Columns(database, statement).time(now);
      return statement.executeUpdate();
    }
  }
}
