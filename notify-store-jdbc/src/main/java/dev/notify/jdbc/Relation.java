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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a statement of PostgreSQL is given as a relation, {@code FROM (...) AS one}: an array
 * for each column, which {@code unnest} makes rows of again, or {@link Rows#asValues VALUES}. What
 * need not be sent for each row is not: a group of columns that are {@link #alike} in all rows goes
 * as one value each, and one that is {@link #seldom} filled not at all while it is empty.
 *
 * <p>The columns are named once, first those that differ from row to row, of which there is at
 * least one; and then given {@linkplain #of rows} again and again.
 *
 * @param <T> what a row is made of
 */
final class Relation<T> {

  private final List<Column<T>> columns = new ArrayList<>();
  private final List<Manner> groups = new ArrayList<>(List.of(Manner.EACH));

  /** How the columns of a group are sent. */
  private enum Manner {
    /** A value for each row. */
    EACH,
    /** One for all, if they are the same. */
    ALIKE,
    /** None, if there is none. */
    SELDOM
  }

  private record Column<T>(
      String name, ColumnType type, Function<T, ? extends @Nullable Object> value, int group) {

    boolean areAllTheSame(List<T> rows, Manner manner) {
      Object usual = manner == Manner.SELDOM ? null : value.apply(rows.get(0));
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

    byte[] bytes(T row) {
      return (byte[]) Objects.requireNonNull(value.apply(row));
    }

    String parameter() {
      return "?::" + type.sent;
    }

    String array() {
      return type == ColumnType.BYTES ? "?::int4[], ?::int4[]" : parameter() + "[]";
    }

    String arrayName() {
      return type == ColumnType.BYTES ? name + "_from, " + name + "_size" : name;
    }

    String ofArray() {
      return type == ColumnType.BYTES
          ? "substring(?::bytea FROM one." + name + "_from FOR one." + name + "_size)"
          : type.of("one." + name);
    }
  }

  /**
   * Ids that may be empty belong to what is {@link #seldom} filled: an empty one among {@code
   * VALUES} would have the driver parse the statement anew.
   */
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
   * Bytes, which may be many: instead of an array, which would be a second copy of them all, those
   * of all rows go over the wire one behind the other, with where each row's begin; among {@code
   * VALUES} each by themselves.
   */
  Relation<T> bytes(String name, Function<T, byte[]> value) {
    return add(name, ColumnType.BYTES, value);
  }

  private Relation<T> add(
      String name, ColumnType type, Function<T, ? extends @Nullable Object> value) {
    columns.add(new Column<>(name, type, value, groups.size() - 1));
    return this;
  }

  /** The columns from here on tend to be the same in all rows. */
  Relation<T> alike() {
    groups.add(Manner.ALIKE);
    return this;
  }

  /**
   * The columns from here on tend to be empty in all rows. In the table they have no default: where
   * they are left out, they are to be empty.
   */
  Relation<T> seldom() {
    groups.add(Manner.SELDOM);
    return this;
  }

  /** The relation that these rows make: arrays, but for a single row. */
  Rows of(List<T> rows) {
    return new Rows(rows);
  }

  /** What the relation is made of. Statements differ by {@link #shape}. */
  final class Rows {

    private final List<T> rows;

    /** Which groups, by their bits, need no value for each row. */
    private final long condensed;

    /** Whether the rows are {@code VALUES}, and not arrays. */
    private final boolean areValues;

    private Rows(List<T> rows) {
      this.rows = rows;
      condensed = rows.isEmpty() ? 0 : condensed();
      areValues = rows.size() == 1;
    }

    private Rows(List<T> rows, long condensed) {
      this.rows = rows;
      this.condensed = condensed;
      areValues = true;
    }

    /**
     * The same rows as {@code VALUES}, of which there has to be one. A few cost less than arrays,
     * but each number of them is a shape of its own.
     */
    Rows asValues() {
      return new Rows(rows, condensed);
    }

    /** Whether all is empty that tends to be. */
    boolean hasNothingSeldom() {
      for (int group = 0; group < groups.size(); group++) {
        if (groups.get(group) == Manner.SELDOM && !isCondensed(group)) {
          return false;
        }
      }
      return true;
    }

    private boolean isCondensed(int group) {
      return (condensed >> group & 1) != 0;
    }

    private long condensed() {
      long all = 0;
      for (int group = 0; group < groups.size(); group++) {
        all |= groups.get(group) == Manner.EACH ? 0 : 1L << group;
      }
      for (Column<T> column : columns) {
        long bit = 1L << column.group();
        if ((all & bit) != 0 && !column.areAllTheSame(rows, groups.get(column.group()))) {
          all &= ~bit;
        }
      }
      return all;
    }

    private Manner manner(Column<T> column) {
      return isCondensed(column.group()) ? groups.get(column.group()) : Manner.EACH;
    }

    /** By which statements of the same relation differ. */
    long shape() {
      return (areValues ? rows.size() : 0L) << groups.size() | condensed;
    }

    /** The relation's text, to stand behind {@code FROM}; it has all columns. */
    String sql() {
      List<Column<T>> each =
          columns.stream().filter(column -> manner(column) == Manner.EACH).toList();
      String selected = joined(columns, column -> selected(column) + " AS " + column.name());
      String from =
          areValues
              ? "(VALUES " + values(each) + ") AS one (" + joined(each, Column::name)
              : "unnest("
                  + joined(each, Column::array)
                  + ") AS one ("
                  + joined(each, Column::arrayName);
      return "(SELECT " + selected + " FROM " + from + "))";
    }

    private String selected(Column<T> column) {
      return switch (manner(column)) {
        case EACH -> areValues ? column.type().of("one." + column.name()) : column.ofArray();
        case ALIKE -> column.type().of(column.parameter());
        case SELDOM -> column.type().nothing();
      };
    }

    private String values(List<Column<T>> each) {
      String row = "(" + joined(each, Column::parameter) + ")";
      return String.join(", ", Collections.nCopies(rows.size(), row));
    }

    private String joined(List<Column<T>> some, Function<Column<T>, String> text) {
      return some.stream().map(text).collect(Collectors.joining(", "));
    }

    /** The names of the columns that are not left out. */
    String names() {
      return joined(kept(), Column::name);
    }

    private List<Column<T>> kept() {
      return columns.stream().filter(column -> manner(column) != Manner.SELDOM).toList();
    }

    /** Writes the columns of {@link #names} as {@code COPY} has them in its binary form. */
    void copyTo(DataOutputStream out) throws IOException {
      List<Column<T>> kept = kept();
      for (T row : rows) {
        out.writeShort(kept.size());
        for (Column<T> column : kept) {
          column.type().copy(column.of(row), out);
        }
      }
    }

    /** Sets the relation's parameters behind others, and answers how many there are then. */
    int set(PreparedStatement statement, int before) throws SQLException {
      int index = before;
      for (Column<T> column : columns) {
        Manner manner = manner(column);
        if (manner == Manner.ALIKE) {
          setValue(statement, ++index, column, rows.get(0));
        } else if (manner == Manner.EACH && column.type() == ColumnType.BYTES && !areValues) {
          setStream(statement, ++index, column);
        }
      }
      return areValues ? setValues(statement, index) : setArrays(statement, index);
    }

    private int setValues(PreparedStatement statement, int before) throws SQLException {
      int index = before;
      for (T row : rows) {
        for (Column<T> column : columns) {
          if (manner(column) == Manner.EACH) {
            setValue(statement, ++index, column, row);
          }
        }
      }
      return index;
    }

    private int setArrays(PreparedStatement statement, int before) throws SQLException {
      ColumnArrays<T> arrays = new ColumnArrays<>(statement, before, rows);
      for (Column<T> column : columns) {
        if (manner(column) == Manner.EACH) {
          arrays =
              column.type() == ColumnType.BYTES
                  ? arrays.places(column::bytes)
                  : arrays.add(column.type(), column.value());
        }
      }
      return arrays.index();
    }

    private void setValue(PreparedStatement statement, int index, Column<T> column, T row)
        throws SQLException {
      if (column.type() != ColumnType.BYTES) {
        statement.setObject(index, column.of(row), column.type().sqlType);
      } else if (rows.size() == 1) {
        // Copied, so that the driver can repeat the statement; of several, each is tried alone.
        statement.setBytes(index, column.bytes(row));
      } else {
        byte[] bytes = column.bytes(row);
        statement.setBinaryStream(index, new ByteArrayInputStream(bytes), bytes.length);
      }
    }

    private void setStream(PreparedStatement statement, int index, Column<T> column)
        throws SQLException {
      int size = 0;
      List<InputStream> streams = new ArrayList<>(rows.size());
      for (T row : rows) {
        byte[] bytes = column.bytes(row);
        size = Math.addExact(size, bytes.length);
        streams.add(new ByteArrayInputStream(bytes));
      }
      statement.setBinaryStream(
          index, new SequenceInputStream(Collections.enumeration(streams)), size);
    }
  }
}
