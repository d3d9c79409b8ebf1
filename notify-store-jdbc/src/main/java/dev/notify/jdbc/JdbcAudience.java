package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import dev.notify.model.NotifyException;
import dev.notify.model.Recipient;
import dev.notify.spi.Audience;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * The rows of a query as an audience, on PostgreSQL, MariaDB, MySQL and H2. Read in pages in the
 * order of a key, each behind the last one's end, never by counting rows: the last page costs what
 * the first does, if the key has an index.
 *
 * <pre>{@code
 * JdbcAudience.of("subscribers", dataSource, "SELECT id FROM customers WHERE subscribed", "id")
 * }</pre>
 *
 * <p>Each page is a query of its own, so the people who are found are those of its moment.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class JdbcAudience implements Audience {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

  private final String name;
  private final DataSource source;
  private final String query;
  private final String key;
  private final Members members;

  /** Makes a person of a row. */
  @FunctionalInterface
  public interface PersonOf {

    /** The person of the present row; must not move on to another. */
    Recipient person(ResultSet row) throws SQLException;
  }

  private interface Members {
    Member member(ResultSet row) throws SQLException;
  }

  private JdbcAudience(String name, DataSource source, String query, String key, Members members) {
    this.name = name;
    this.source = source;
    this.query = query.strip();
    this.key = key;
    this.members = members;
    if (!NAME.matcher(key).matches()) {
      throw new ConfigurationException(
          "audience " + name + ": key column '" + key + "' is not a plain name");
    }
    if (this.query.endsWith(";")) {
      throw new ConfigurationException("audience " + name + ": leave out the query's semicolon");
    }
  }

  /**
   * People by their ids.
   *
   * @param query without parameters and without an order of its own
   * @param keyColumn the column of the id, as the query calls it: a number, a text or a UUID; never
   *     null, and no value twice
   */
  public static JdbcAudience of(String name, DataSource source, String query, String keyColumn) {
    return new JdbcAudience(
        name, source, query, keyColumn, row -> Member.of(row.getString(keyColumn)));
  }

  /**
   * People as their rows tell of them, so that no directory is asked when the broadcast is
   * expanded.
   *
   * @param query as for {@link #of(String, DataSource, String, String)}
   * @param keyColumn likewise
   * @param people makes a person of a row
   */
  public static JdbcAudience of(
      String name, DataSource source, String query, String keyColumn, PersonOf people) {
    return new JdbcAudience(name, source, query, keyColumn, row -> Member.of(people.person(row)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong size() {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT COUNT(*) FROM (" + query + ") people");
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return OptionalLong.of(rows.getLong(1));
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public Page page(String cursor, int limit) {
    String sql =
        "SELECT * FROM ("
            + query
            + ") people"
            + (cursor.isEmpty() ? "" : " WHERE people." + key + " > ?")
            + " ORDER BY people."
            + key
            + " LIMIT ?";
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      if (!cursor.isEmpty()) {
        set(statement, cursor);
      }
      statement.setInt(cursor.isEmpty() ? 1 : 2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        List<Member> page = new ArrayList<>(limit);
        String next = cursor;
        while (rows.next()) {
          page.add(members.member(rows));
          next = cursor(rows.getObject(key));
        }
        return new Page(page, next, page.size() < limit);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** With the key's kind, for some databases do not compare a number with a text. */
  private String cursor(Object value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return "n" + value;
    }
    if (value instanceof BigDecimal) {
      return "d" + value;
    }
    if (value instanceof UUID) {
      return "u" + value;
    }
    if (value instanceof String) {
      return "t" + value;
    }
    throw new NotifyException(
        "audience "
            + name
            + ": column "
            + key
            + " is a "
            + (value == null ? "null" : value.getClass().getSimpleName())
            + "; it must be a number, a text or a UUID");
  }

  private static void set(PreparedStatement statement, String cursor) throws SQLException {
    String value = cursor.substring(1);
    switch (cursor.charAt(0)) {
      case 'n' -> statement.setLong(1, Long.parseLong(value));
      case 'd' -> statement.setBigDecimal(1, new BigDecimal(value));
      case 'u' -> statement.setObject(1, UUID.fromString(value));
      default -> statement.setString(1, value);
    }
  }

  /** A statement that is wrong stays wrong; a database that is away comes back. */
  private RuntimeException failed(SQLException e) {
    boolean isWrong = String.valueOf(e.getSQLState()).startsWith("42");
    return isWrong
        ? new NotifyException("audience " + name + ": " + e.getMessage(), e)
        : new IllegalStateException("audience " + name + " cannot be read", e);
  }

  @Override
  public String toString() {
    return "JdbcAudience[" + name + "]";
  }
}
