package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Looks for what nobody would ever look at again; docs/durability.md shows the first query. */
final class Watchdog {

  private static final Map<String, String> STUCK =
      Map.of(
          "held by a node that is not there",
          "SELECT id FROM notify_delivery"
              + " WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM notify_node)",
          "both open and ended",
          "SELECT id FROM notify_delivery WHERE id IN (SELECT id FROM notify_outcome)",
          "being sent by nobody",
          "SELECT id FROM notify_delivery WHERE owner IS NULL AND status = 3",
          "open without a message",
          "SELECT id FROM notify_delivery WHERE message_id NOT IN (SELECT id FROM notify_message)",
          "a message without any delivery",
          "SELECT id FROM notify_message WHERE id NOT IN (SELECT message_id FROM notify_delivery)"
              + " AND id NOT IN (SELECT message_id FROM notify_outcome)");

  private Watchdog() {}

  /** To be asked once every node has closed. */
  static void assertNothingIsStuck(DataSource source) throws SQLException {
    for (Map.Entry<String, String> one : STUCK.entrySet()) {
      List<String> rows = new ArrayList<>();
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement();
          ResultSet found = statement.executeQuery(one.getValue())) {
        while (found.next()) {
          rows.add(found.getString(1));
        }
      }
      assertThat(rows).as(one.getKey()).isEmpty();
    }
  }
}
