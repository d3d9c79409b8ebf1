package dev.notify.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends many rows to PostgreSQL as one array for each column, which {@code unnest} makes rows of
 * again: one statement, one plan and one round trip, however many they are. A column that is empty
 * in all rows is sent as no array at all, which {@code unnest} fills up.
 *
 * <p>Arrays are spelled here. The driver would make some objects and locks for each, and copy it
 * several times.
 *
 * @param <T> what a row is made of
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-INPUT">how arrays are
 *     spelled</a>
 */
final class ColumnArrays<T> {

  private static final long MICROS = 1_000_000;

  /** A UUID and a comma; most are shorter. */
  private static final int USUAL_WIDTH = 33;

  private final PreparedStatement statement;
  private final Collection<T> rows;
  private final StringBuilder text;
  private int index;

  ColumnArrays(PreparedStatement statement, int parametersBefore, Collection<T> rows) {
    this.statement = statement;
    this.index = parametersBefore;
    this.rows = rows;
    text = new StringBuilder(2 + USUAL_WIDTH * rows.size());
  }

  /** The expression that makes a moment of a column sent by {@link #times}. */
  static String time(String column) {
    return "timestamptz 'epoch' + " + column + " * interval '1 microsecond'";
  }

  ColumnArrays<T> ids(Function<T, @Nullable UUID> column) throws SQLException {
    return add(ColumnType.ID, column);
  }

  ColumnArrays<T> texts(Function<T, @Nullable String> column) throws SQLException {
    return add(ColumnType.TEXT, column);
  }

  ColumnArrays<T> numbers(Function<T, @Nullable Long> column) throws SQLException {
    return add(ColumnType.NUMBER, column);
  }

  /** Microseconds, cut off like everywhere. */
  ColumnArrays<T> times(Function<T, @Nullable Instant> column) throws SQLException {
    return add(ColumnType.TIME, column);
  }

  /** As {@link #times} sends a moment. */
  static long micros(Instant time) {
    return time.getEpochSecond() * MICROS + time.getNano() / 1_000;
  }

  ColumnArrays<T> bytes(Function<T, byte[]> column) throws SQLException {
    return add(ColumnType.BYTES, column);
  }

  ColumnArrays<T> add(ColumnType type, Function<T, ? extends @Nullable Object> column)
      throws SQLException {
    boolean isEmpty = !rows.isEmpty();
    text.setLength(0);
    char before = '{';
    for (T row : rows) {
      Object value = column.apply(row);
      isEmpty &= value == null;
      type.spell(value, text.append(before));
      before = ',';
    }
    if (isEmpty) {
      // Without a type, as arrays are sent: else the driver would have the statement parsed anew
      // each time that another column is empty.
      statement.setNull(++index, Types.OTHER);
    } else {
      set();
    }
    return this;
  }

  /**
   * Two arrays, of where the bytes of each row begin and how many they are, if they come one behind
   * the other. What type of number these are, the statement says.
   */
  ColumnArrays<T> places(Function<T, byte[]> column) throws SQLException {
    text.setLength(0);
    int next = 1;
    char before = '{';
    for (T row : rows) {
      text.append(before).append(next);
      next += column.apply(row).length;
      before = ',';
    }
    set();
    return add(ColumnType.INTEGER, row -> (long) column.apply(row).length);
  }

  private void set() throws SQLException {
    String array = text.isEmpty() ? "{}" : text.append('}').toString();
    statement.setObject(++index, array, Types.OTHER);
  }

  /** Parameters set so far, those before the first column included. */
  int index() {
    return index;
  }
}
