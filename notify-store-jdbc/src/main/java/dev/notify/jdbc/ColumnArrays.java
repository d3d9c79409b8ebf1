package dev.notify.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends many rows to PostgreSQL as one array for each column, which {@code unnest} makes rows of
 * again: one statement, one plan and one round trip, however many they are. A column that is empty
 * in all rows is sent as no array at all, which {@code unnest} fills up; one that tends to repeat a
 * value can be sent as that value, behind the arrays.
 *
 * @param <T> what a row is made of
 */
final class ColumnArrays<T> {

  private static final long MICROS = 1_000_000;

  /** A column's value, if it is the same in all rows, which goes behind the arrays. */
  private record Repeated(@Nullable Object value, int type) {}

  private final PreparedStatement statement;
  private final Collection<T> rows;
  private final List<Repeated> repeated = new ArrayList<>();
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
    if (isEmpty(values)) {
      return nothing("uuid");
    }
    // The driver would spell each by itself, and quote it.
    statement.setObject(++index, literal(values), Types.OTHER);
    return this;
  }

  private static String literal(@Nullable UUID[] ids) {
    StringBuilder text = new StringBuilder(1 + 33 * ids.length).append('{');
    for (int i = 0; i < ids.length; i++) {
      if (i > 0) {
        text.append(',');
      }
      UUID id = ids[i];
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

  ColumnArrays<T> texts(Function<T, @Nullable String> column) throws SQLException {
    return add("text", textsOf(column));
  }

  private @Nullable String[] textsOf(Function<T, @Nullable String> column) {
    String[] values = new String[rows.size()];
    int row = 0;
    for (T one : rows) {
      String value = column.apply(one);
      values[row++] = value == null ? null : Columns.storable(value);
    }
    return values;
  }

  ColumnArrays<T> numbers(Function<T, @Nullable Long> column) throws SQLException {
    return add("int8", numbersOf(column));
  }

  private @Nullable Long[] numbersOf(Function<T, @Nullable Long> column) {
    Long[] values = new Long[rows.size()];
    int row = 0;
    for (T one : rows) {
      values[row++] = column.apply(one);
    }
    return values;
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
    return add("bool", flagsOf(column));
  }

  private Boolean[] flagsOf(Function<T, Boolean> column) {
    Boolean[] values = new Boolean[rows.size()];
    int row = 0;
    for (T one : rows) {
      values[row++] = column.apply(one);
    }
    return values;
  }

  ColumnArrays<T> bytes(Function<T, byte[]> column) throws SQLException {
    byte[][] values = new byte[rows.size()][];
    int row = 0;
    for (T one : rows) {
      values[row++] = column.apply(one);
    }
    return add("bytea", values);
  }

  /** Texts that tend to be the same in all rows. */
  ColumnArrays<T> repeatedTexts(Function<T, @Nullable String> column) throws SQLException {
    return addRepeated("text", Types.VARCHAR, textsOf(column));
  }

  /** Numbers that tend to be the same in all rows. */
  ColumnArrays<T> repeatedNumbers(Function<T, @Nullable Long> column) throws SQLException {
    return addRepeated("int8", Types.BIGINT, numbersOf(column));
  }

  /** Flags that tend to be the same in all rows. */
  ColumnArrays<T> repeatedFlags(Function<T, Boolean> column) throws SQLException {
    return addRepeated("bool", Types.BOOLEAN, flagsOf(column));
  }

  /** Sets the values of the columns that may repeat, in their order; empty where they do not. */
  ColumnArrays<T> repeated() throws SQLException {
    for (Repeated one : repeated) {
      if (one.value() == null) {
        statement.setNull(++index, one.type());
      } else {
        statement.setObject(++index, one.value(), one.type());
      }
    }
    repeated.clear();
    return this;
  }

  private ColumnArrays<T> addRepeated(String type, int sqlType, @Nullable Object[] values)
      throws SQLException {
    if (!areAllTheSame(values)) {
      repeated.add(new Repeated(null, sqlType));
      return add(type, values);
    }
    repeated.add(new Repeated(values[0], sqlType));
    return nothing(type);
  }

  private static boolean areAllTheSame(@Nullable Object[] values) {
    for (Object value : values) {
      if (!Objects.equals(value, values[0])) {
        return false;
      }
    }
    return values.length > 0;
  }

  private static boolean isEmpty(@Nullable Object[] values) {
    return values.length > 0 && values[0] == null && areAllTheSame(values);
  }

  private ColumnArrays<T> add(String type, @Nullable Object[] values) throws SQLException {
    if (isEmpty(values)) {
      return nothing(type);
    }
    Connection connection = statement.getConnection();
    Array array = connection.createArrayOf(type, values);
    statement.setArray(++index, array);
    return this;
  }

  /** By its type, so that the statement need not be parsed again when there is something. */
  private ColumnArrays<T> nothing(String type) throws SQLException {
    statement.setNull(++index, Types.ARRAY, type + "[]");
    return this;
  }

  /** Parameters set so far, those before the first column included. */
  int index() {
    return index;
  }
}
