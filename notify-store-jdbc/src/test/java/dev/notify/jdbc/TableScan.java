package dev.notify.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Looks at our tables as somebody would who has a copy of the database. */
final class TableScan {

  static final List<String> TABLES =
      List.of(
          "message",
          "delivery",
          "outcome",
          "attempt",
          "event",
          "key",
          "limit",
          "node",
          "person",
          "broadcast",
          "count",
          "preference",
          "consent",
          "suppression",
          "recipient",
          "device",
          "fact",
          "template",
          "templatelog",
          "schedule",
          "habit",
          "digest",
          "digestitem",
          "experiment",
          "exposure",
          "conversion",
          "audit",
          "audithead",
          "rollup",
          "tuple",
          "tally",
          "inbox",
          "inboxuser",
          "inboxpresence",
          "announcement",
          "announcementhead");

  private TableScan() {}

  /** Every value of every column, one to a line, bytes as Latin letters. */
  static String everything(DataSource source) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM notify_" + table)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              Object value = rows.getObject(i);
              all.append(table).append('.').append(rows.getMetaData().getColumnName(i)).append(' ');
              all.append(
                  value instanceof byte[] bytes
                      ? new String(bytes, StandardCharsets.ISO_8859_1)
                      : String.valueOf(value));
              all.append('\n');
            }
          }
        }
      }
    }
    return all.toString();
  }

  static int count(DataSource source, String what) throws SQLException {
    return Math.toIntExact(number(source, "SELECT COUNT(*) FROM " + what));
  }

  /** The only number that a query finds. */
  static long number(DataSource source, String query) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The only column of what a query finds. */
  static List<String> texts(DataSource source, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static byte[] body(DataSource source, String recipientId) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT body FROM notify_message WHERE recipient_id = ?")) {
      statement.setString(1, recipientId);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBytes(1);
      }
    }
  }

  static void setBody(DataSource source, String recipientId, byte[] body) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE notify_message SET body = ? WHERE recipient_id = ?")) {
      statement.setBytes(1, body);
      statement.setString(2, recipientId);
      statement.executeUpdate();
    }
  }
}
