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

  private ColumnArrays<T> add(ColumnType type, Function<T, ? extends @Nullable Object> column)
      throws SQLException {
    set(statement, ++index, type.sent, type.array(rows, column));
    return this;
  }

  /** Sets an array; none at all if there is nothing in it. */
  static void set(PreparedStatement statement, int index, String type, @Nullable Object[] values)
      throws SQLException {
    if (isEmpty(values)) {
      // By its type, so that the statement need not be parsed again when there is something.
      statement.setNull(index, Types.ARRAY, type + "[]");
    } else if (type.equals("uuid")) {
      // The driver would spell each by itself, and quote it.
      statement.setObject(index, literal(values), Types.OTHER);
    } else {
      statement.setArray(index, statement.getConnection().createArrayOf(type, values));
    }
  }

  private static boolean isEmpty(@Nullable Object[] values) {
    for (Object value : values) {
      if (value != null) {
        return false;
      }
    }
    return values.length > 0;
  }

  private static String literal(@Nullable Object[] ids) {
    StringBuilder text = new StringBuilder(1 + 33 * ids.length).append('{');
    for (int i = 0; i < ids.length; i++) {
      if (i > 0) {
        text.append(',');
      }
      UUID id = (UUID) ids[i];
      if (id == null) {
        text.append("NULL");
      } else {
        hex(text, id.getMostSignificantBits());
        hex(text, id.getLeastSignificantBits());
      }
    }
    return text.append('}').toString();
  }

  private static void hex(StringBuilder text, long bits) {
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      text.append(Character.forDigit((int) (bits >>> shift) & 0xf, 16));
    }
  }

  /** Parameters set so far, those before the first column included. */
  int index() {
    return index;
  }
}
