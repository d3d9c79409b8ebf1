package dev.notify.jdbc;

import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a statement of PostgreSQL is given as a relation, {@code FROM (...) AS one}: an array
 * for each column, which {@code unnest} makes rows of again. What need not be sent for each row is
 * not: a group of columns that are {@link #alike} in all rows goes as one value each, and one that
 * is {@link #seldom} filled not at all while it is empty; a single row needs no arrays.
 *
 * <p>Statements differ by {@link #shape}, of which there are few, for groups are taken as a whole.
 *
 * @param <T> what a row is made of
 */
final class Relation<T> {

  private static final int MOST_COLUMNS = 20;
  private static final int MOST_GROUPS = 5;

  private final List<T> rows;
  private final List<Column> columns = new ArrayList<>(MOST_COLUMNS);
  private final List<Group> groups = new ArrayList<>(MOST_GROUPS);

  Relation(List<T> rows) {
    this.rows = rows;
    groups.add(new Group(Manner.EACH));
  }

  private enum Manner {
    /** A value for each row. */
    EACH,
    /** One for all, if they are the same. */
    ALIKE,
    /** None, if there is none. */
    SELDOM
  }

  /** Columns that are sent in the same way. */
  private static final class Group {
    final Manner manner;
    boolean isCondensed;

    Group(Manner manner) {
      this.manner = manner;
      isCondensed = manner != Manner.EACH;
    }
  }

  private final class Column {
    final String name;
    final ColumnType type;
    final Function<T, ? extends @Nullable Object> value;
    final Group group = groups.get(groups.size() - 1);

    Column(String name, ColumnType type, Function<T, ? extends @Nullable Object> value) {
      this.name = name;
      this.type = type;
      this.value = value;
      group.isCondensed = group.isCondensed && areAllTheSame();
    }

    private boolean areAllTheSame() {
      if (rows.isEmpty()) {
        return false;
      }
      Object usual = group.manner == Manner.SELDOM ? null : value.apply(rows.get(0));
      for (T row : rows) {
        if (!Objects.equals(value.apply(row), usual)) {
          return false;
        }
      }
      return true;
    }

    @Nullable Object of(T row) {
      return type.asSent(value.apply(row));
    }

    @Nullable Object[] values() {
      return type.array(rows, value);
    }

    boolean isLeftOut() {
      return group.isCondensed && group.manner == Manner.SELDOM;
    }

    boolean isArray() {
      return !isSingle() && !group.isCondensed;
    }

    String selected() {
      if (isLeftOut()) {
        return type.nothing();
      }
      if (!isArray()) {
        return type.of("?::" + type.sent);
      }
      return type == ColumnType.BYTES
          ? "substring(?::bytea FROM one." + name + "_from FOR one." + name + "_size)"
          : type.of("one." + name);
    }

    String array() {
      return type == ColumnType.BYTES ? "?::int4[], ?::int4[]" : "?::" + type.sent + "[]";
    }

    String arrayName() {
      return type == ColumnType.BYTES ? name + "_from, " + name + "_size" : name;
    }
  }

  Relation<T> ids(String name, Function<T, @Nullable UUID> value) {
    return add(name, ColumnType.ID, value);
  }

  Relation<T> texts(String name, Function<T, @Nullable String> value) {
    return add(name, ColumnType.TEXT, value);
  }

  /** Numbers for a column of type {@code BIGINT}. */
  Relation<T> numbers(String name, Function<T, @Nullable Long> value) {
    return add(name, ColumnType.NUMBER, value);
  }

  /** Numbers for a column of type {@code INTEGER}. */
  Relation<T> integers(String name, Function<T, @Nullable Long> value) {
    return add(name, ColumnType.INTEGER, value);
  }

  /** Numbers for a column of type {@code SMALLINT}. */
  Relation<T> smalls(String name, Function<T, @Nullable Long> value) {
    return add(name, ColumnType.SMALL, value);
  }

  /** Microseconds, cut off like everywhere. */
  Relation<T> times(String name, Function<T, @Nullable Instant> value) {
    return add(name, ColumnType.TIME, value);
  }

  Relation<T> flags(String name, Function<T, Boolean> value) {
    return add(name, ColumnType.FLAG, value);
  }

  /**
   * Bytes, which may be many: those of all rows go over the wire one behind the other, with where
   * each row's begin, for an array would be a second copy of them all.
   */
  Relation<T> bytes(String name, Function<T, byte[]> value) {
    return add(name, ColumnType.BYTES, value);
  }

  private Relation<T> add(
      String name, ColumnType type, Function<T, ? extends @Nullable Object> value) {
    columns.add(new Column(name, type, value));
    return this;
  }

  /** The columns from here on tend to be the same in all rows. */
  Relation<T> alike() {
    groups.add(new Group(Manner.ALIKE));
    return this;
  }

  /** The columns from here on tend to be empty in all rows. */
  Relation<T> seldom() {
    groups.add(new Group(Manner.SELDOM));
    return this;
  }

  private boolean isSingle() {
    return rows.size() == 1;
  }

  /** By which statements differ, if they have relations of the same columns. */
  long shape() {
    long shape = isSingle() ? 1 : 0;
    for (Group group : groups) {
      // A single row is sent by values anyway, but for what is left out.
      boolean counts = group.isCondensed && (!isSingle() || group.manner == Manner.SELDOM);
      shape = shape << 1 | (counts ? 1 : 0);
    }
    return shape;
  }

  /** The names of all columns. */
  String names() {
    return columns.stream().map(column -> column.name).collect(Collectors.joining(", "));
  }

  /** The relation's text, to stand behind {@code FROM}. */
  String sql() {
    StringJoiner selected = new StringJoiner(", ", "(SELECT ", "");
    StringJoiner arrays = new StringJoiner(", ", " FROM unnest(", ")");
    StringJoiner arrayNames = new StringJoiner(", ", " AS one (", ")");
    for (Column column : columns) {
      selected.add(column.selected() + " AS " + column.name);
      if (column.isArray()) {
        arrays.add(column.array());
        arrayNames.add(column.arrayName());
      }
    }
    return selected + (isSingle() ? "" : arrays.toString() + arrayNames) + ")";
  }

  /** The names of the columns that {@link #copyTo} writes. */
  String copiedNames() {
    return columns.stream()
        .filter(column -> !column.isLeftOut())
        .map(column -> column.name)
        .collect(Collectors.joining(", "));
  }

  /** Writes the rows as {@code COPY} has them in its binary form. */
  void copyTo(DataOutputStream out) throws IOException {
    List<Column> copied = columns.stream().filter(column -> !column.isLeftOut()).toList();
    for (T row : rows) {
      out.writeShort(copied.size());
      for (Column column : copied) {
        column.type.copy(column.of(row), out);
      }
    }
  }

  /** Sets the relation's parameters behind others, and answers how many there are then. */
  int set(PreparedStatement statement, int before) throws SQLException {
    int index = before;
    for (Column column : columns) {
      if (column.type == ColumnType.BYTES && column.isArray()) {
        setStream(statement, ++index, column.values());
      } else if (!column.isArray() && !column.isLeftOut()) {
        set(statement, ++index, column.type, column.of(rows.get(0)));
      }
    }
    for (Column column : columns) {
      if (!column.isArray()) {
        continue;
      }
      if (column.type == ColumnType.BYTES) {
        setPlaces(statement, index, column.values());
        index += 2;
      } else {
        ColumnArrays.set(statement, ++index, column.type.sent, column.values());
      }
    }
    return index;
  }

  private static void set(
      PreparedStatement statement, int index, ColumnType type, @Nullable Object value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, type.sqlType);
    } else if (type == ColumnType.BYTES) {
      statement.setBytes(index, (byte[]) value);
    } else {
      statement.setObject(index, value, type.sqlType);
    }
  }

  private static void setStream(PreparedStatement statement, int index, @Nullable Object[] values)
      throws SQLException {
    int size = 0;
    List<InputStream> streams = new ArrayList<>(values.length);
    for (Object value : values) {
      byte[] bytes = (byte[]) Objects.requireNonNull(value);
      size = Math.addExact(size, bytes.length);
      streams.add(new ByteArrayInputStream(bytes));
    }
    statement.setBinaryStream(
        index, new SequenceInputStream(Collections.enumeration(streams)), size);
  }

  private static void setPlaces(PreparedStatement statement, int before, @Nullable Object[] values)
      throws SQLException {
    @Nullable Object[] from = new Integer[values.length];
    @Nullable Object[] size = new Integer[values.length];
    int next = 1;
    for (int i = 0; i < values.length; i++) {
      int length = ((byte[]) Objects.requireNonNull(values[i])).length;
      from[i] = next;
      size[i] = length;
      next += length;
    }
    ColumnArrays.set(statement, before + 1, "int4", from);
    ColumnArrays.set(statement, before + 2, "int4", size);
  }
}
