package dev.notify.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends many rows to PostgreSQL as one array for each column, which {@code unnest} makes rows of
 * again: one statement, one plan and one round trip, however many they are.
 *
 * @param <T> what a row is made of
 */
final class ColumnArrays<T> {

  private static final long MICROS = 1_000_000;

  private final PreparedStatement statement;
  private final Collection<T> rows;
  private int index;

  ColumnArrays(PreparedStatement statement, int parametersBefore, Collection<T> rows) {
    this.statement = statement;
    this.index = parametersBefore;
    this.rows = rows;
  }

  /** The expression that makes a moment of a column sent by {@link #times}. */
  static String time(String column) {
    return "timestamptz 'epoch' + " + column + " * interval '1 microsecond'";
  }

  ColumnArrays<T> ids(Function<T, @Nullable UUID> column) throws SQLException {
    UUID[] values = new UUID[rows.size()];
    int row = 0;
    for (T one : rows) {
      values[row++] = column.apply(one);
    }
    return add("uuid", values);
  }

  ColumnArrays<T> texts(Function<T, @Nullable String> column) throws SQLException {
    String[] values = new String[rows.size()];
    int row = 0;
    for (T one : rows) {
      String value = column.apply(one);
      values[row++] = value == null ? null : Columns.storable(value);
    }
    return add("text", values);
  }

  ColumnArrays<T> numbers(Function<T, @Nullable Long> column) throws SQLException {
    Long[] values = new Long[rows.size()];
    int row = 0;
    for (T one : rows) {
      values[row++] = column.apply(one);
    }
    return add("int8", values);
  }

  /** Microseconds, cut off like everywhere. */
  ColumnArrays<T> times(Function<T, @Nullable Instant> column) throws SQLException {
    return numbers(
        one -> {
          Instant time = column.apply(one);
          return time == null
              ? null
              : (Long) (time.getEpochSecond() * MICROS + time.getNano() / 1_000);
        });
  }

  ColumnArrays<T> flags(Function<T, Boolean> column) throws SQLException {
    return add("bool", rows.stream().map(column).toArray(Boolean[]::new));
  }

  ColumnArrays<T> bytes(Function<T, byte[]> column) throws SQLException {
    return add("bytea", rows.stream().map(column).toArray(byte[][]::new));
  }

  private ColumnArrays<T> add(String type, Object[] values) throws SQLException {
    Connection connection = statement.getConnection();
    Array array = connection.createArrayOf(type, values);
    statement.setArray(++index, array);
    return this;
  }

  /** Parameters set so far, those before the first column included. */
  int index() {
    return index;
  }
}
