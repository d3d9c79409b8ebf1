package dev.notify.benchmarks.chaos;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What stands in the tables when all workers have closed. It knows our columns; when they change it
 * fails, and has to follow.
 *
 * @param open open deliveries
 * @param ended ended ones, by their ids
 * @param messages ids of all notifications
 * @param nodes ids of nodes that are still signed on
 */
record Remains(List<Open> open, Map<String, Ended> ended, Set<String> messages, Set<Long> nodes) {

  private static final Map<Integer, String> STATUSES =
      Map.of(10, "SENT", 20, "DEAD", 22, "CANCELLED", 23, "EXPIRED");

  /**
   * A delivery that is open.
   *
   * @param owner the node that holds it
   * @param reason why it waits
   */
  record Open(String delivery, String notification, Optional<Long> owner, String reason) {}

  /**
   * A delivery that has ended.
   *
   * @param status how
   * @param reason why
   * @param attempts calls that counted
   */
  record Ended(String delivery, String notification, String status, String reason, int attempts) {

    boolean isSent() {
      return status.equals("SENT");
    }
  }

  static Remains read(DatabaseServer server) throws SQLException {
    List<Open> open = new ArrayList<>();
    Map<String, Ended> ended = new HashMap<>();
    Set<String> messages = new HashSet<>();
    Set<Long> nodes = new HashSet<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT * FROM notify_delivery")) {
        while (rows.next()) {
          long number = rows.getLong("owner");
          Optional<Long> owner = rows.wasNull() ? Optional.empty() : Optional.of(number);
          open.add(
              new Open(id(rows, "id"), id(rows, "message_id"), owner, text(rows, "reason_code")));
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT * FROM notify_outcome")) {
        while (rows.next()) {
          int status = rows.getInt("status");
          Ended one =
              new Ended(
                  id(rows, "id"),
                  id(rows, "message_id"),
                  STATUSES.getOrDefault(status, "status " + status),
                  text(rows, "reason_code"),
                  rows.getInt("attempts"));
          ended.put(one.delivery(), one);
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT id FROM notify_message")) {
        while (rows.next()) {
          messages.add(id(rows, "id"));
        }
      }
      try (ResultSet rows = statement.executeQuery("SELECT id FROM notify_node")) {
        while (rows.next()) {
          nodes.add(rows.getLong(1));
        }
      }
    }
    return new Remains(open, ended, messages, nodes);
  }

  private static String text(ResultSet rows, String column) throws SQLException {
    return Optional.ofNullable(rows.getString(column)).orElse("");
  }

  private static String id(ResultSet rows, String column) throws SQLException {
    Object value = rows.getObject(column);
    if (value instanceof byte[] bytes) {
      ByteBuffer halves = ByteBuffer.wrap(bytes);
      return new UUID(halves.getLong(), halves.getLong()).toString();
    }
    return value.toString();
  }
}
