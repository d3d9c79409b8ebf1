package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Numbers in a table that are added to in the transaction in which something happens, at its end:
 * those it has touched are locked until it commits. Each has several rows, one for each shard, so
 * that processes do not wait for each other.
 *
 * @param <K> what is counted; whoever locks several, locks them in this order
 */
final class Counters<K extends Comparable<K>> {

  static final String DUPLICATE_KEY = "23505";

  private final Tables tables;
  private final Database database;
  private final List<Column<K>> key;
  private final String insert;
  private final String update;
  private final String upsert;
  private final String atOnce;

  Counters(Tables tables, String table, List<Column<K>> key) {
    this.tables = tables;
    this.key = List.copyOf(key);
    database = tables.database();
    String names = joined(", ", Column::name);
    insert =
        "INSERT INTO %s (%s, shard, amount) VALUES (%s?, ?)"
            .formatted(table, names, "?, ".repeat(key.size()));
    update =
        "UPDATE %s SET amount = amount + ? WHERE %s AND shard = ?"
            .formatted(table, joined(" AND ", column -> column.name() + " = ?"));
    upsert = insert + " ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)";
    atOnce =
        """
        INSERT INTO %1$s AS c (%2$s, shard, amount)
        SELECT %3$s, ?, amount FROM unnest(%4$s, ?::bigint[]) AS one (%2$s, amount)
        ON CONFLICT (%2$s, shard) DO UPDATE SET amount = c.amount + EXCLUDED.amount"""
            .formatted(
                table,
                names,
                joined(", ", Column::selected),
                joined(", ", column -> "?::" + column.type() + "[]"));
  }

  private String joined(String by, Function<Column<K>, String> part) {
    return key.stream().map(part).collect(Collectors.joining(by));
  }

  private interface One<K> {
    Columns set(Columns columns, K key) throws SQLException;
  }

  private interface Many<K> {
    ColumnArrays<Map.Entry<K, Long>> set(ColumnArrays<Map.Entry<K, Long>> arrays)
        throws SQLException;
  }

  /**
   * A column of the key.
   *
   * @param name its name
   * @param type what PostgreSQL calls it as one of an array
   * @param selected what makes it of such a one
   * @param one sets it
   * @param many sets an array of it
   */
  record Column<K>(String name, String type, String selected, One<K> one, Many<K> many) {

    static <K> Column<K> id(String name, Function<K, UUID> value) {
      return new Column<>(
          name,
          "uuid",
          name,
          (columns, key) -> columns.id(value.apply(key)),
          arrays -> arrays.ids(each -> value.apply(each.getKey())));
    }

    static <K> Column<K> time(String name, Function<K, Instant> value) {
      return new Column<>(
          name,
          "bigint",
          ColumnArrays.time(name),
          (columns, key) -> columns.time(value.apply(key)),
          arrays -> arrays.times(each -> value.apply(each.getKey())));
    }

    static <K> Column<K> text(String name, Function<K, String> value) {
      return new Column<>(
          name,
          "text",
          name,
          (columns, key) -> columns.text(value.apply(key)),
          arrays -> arrays.texts(each -> value.apply(each.getKey())));
    }

    static <K> Column<K> number(String name, Function<K, Integer> value) {
      return new Column<>(
          name,
          "bigint",
          name,
          (columns, key) -> columns.number(value.apply(key).intValue()),
          arrays -> arrays.numbers(each -> value.apply(each.getKey()).longValue()));
    }
  }

  /** Adds, at once if the database can. */
  void add(Connection connection, Map<K, Long> amounts, int shard) throws SQLException {
    if (amounts.isEmpty()) {
      return;
    }
    TreeMap<K, Long> inOrder = new TreeMap<>(amounts);
    switch (database) {
      case POSTGRESQL -> addAtOnce(connection, inOrder, shard);
      case MARIADB -> addInBatch(connection, inOrder, shard);
      case H2 -> {
        for (Map.Entry<K, Long> one : inOrder.entrySet()) {
          addOne(connection, one, shard);
        }
      }
    }
  }

  private void addAtOnce(Connection connection, TreeMap<K, Long> amounts, int shard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, atOnce)) {
      statement.setInt(1, shard);
      ColumnArrays<Map.Entry<K, Long>> arrays =
          new ColumnArrays<>(statement, 1, amounts.entrySet());
      for (Column<K> column : key) {
        arrays = column.many().set(arrays);
      }
      int ignored = arrays.numbers(Map.Entry::getValue).index();
      statement.executeUpdate();
    }
  }

  private void addInBatch(Connection connection, TreeMap<K, Long> amounts, int shard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, upsert)) {
      Columns columns = new Columns(database, statement);
      for (Map.Entry<K, Long> one : amounts.entrySet()) {
        set(columns, one.getKey(), shard).number(one.getValue().longValue()).addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Sets what names a row: the columns of the key, and the shard. */
  Columns set(Columns columns, K one, int shard) throws SQLException {
    Columns set = columns;
    for (Column<K> column : key) {
      set = column.one().set(set, one);
    }
    return set.number(shard);
  }

  /** H2 has no insert that would update. */
  private void addOne(Connection connection, Map.Entry<K, Long> one, int shard)
      throws SQLException {
    if (update(connection, one, shard)) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, insert)) {
      set(new Columns(database, statement), one.getKey(), shard).number(one.getValue().longValue());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!DUPLICATE_KEY.equals(e.getSQLState()) || !update(connection, one, shard)) {
        throw e;
      }
    }
  }

  private boolean update(Connection connection, Map.Entry<K, Long> one, int shard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, update)) {
      Columns columns = new Columns(database, statement).number(one.getValue().longValue());
      set(columns, one.getKey(), shard);
      return statement.executeUpdate() > 0;
    }
  }
}
