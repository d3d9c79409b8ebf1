package dev.notify.jdbc;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What a column of a {@link Relation} is to PostgreSQL, and how its values are sent. */
enum ColumnType {
  ID("uuid", Types.OTHER, UUID[]::new),
  TEXT("text", Types.VARCHAR, String[]::new),
  NUMBER("int8", Types.BIGINT, Long[]::new),
  INTEGER("int8", Types.BIGINT, Long[]::new),
  SMALL("int8", Types.BIGINT, Long[]::new),
  /** Sent as a number of microseconds, for an array of moments would be sent as text. */
  TIME("int8", Types.BIGINT, Long[]::new),
  FLAG("bool", Types.BOOLEAN, Boolean[]::new),
  BYTES("bytea", Types.BINARY, byte[][]::new);

  /** When moments begin to be counted where they are sent as PostgreSQL's own. */
  private static final long MICROS_TO_2000 =
      ColumnArrays.micros(Instant.parse("2000-01-01T00:00:00Z"));

  final String sent;
  final int sqlType;

  /** The driver sends arrays of these as bytes, and of others as text. */
  private final IntFunction<@Nullable Object[]> array;

  ColumnType(String sent, int sqlType, IntFunction<@Nullable Object[]> array) {
    this.sent = sent;
    this.sqlType = sqlType;
    this.array = array;
  }

  String of(String sentValue) {
    return this == TIME ? ColumnArrays.time(sentValue) : sentValue;
  }

  String nothing() {
    return this == TIME ? "NULL::timestamptz" : "NULL::" + sent;
  }

  /** A value as it is sent. */
  @Nullable Object asSent(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (this) {
      case TEXT -> Columns.storable((String) value);
      case TIME -> ColumnArrays.micros((Instant) value);
      default -> value;
    };
  }

  /** The values of all rows, as they are sent. */
  <T> @Nullable Object[] array(Collection<T> rows, Function<T, ? extends @Nullable Object> column) {
    @Nullable Object[] values = array.apply(rows.size());
    int row = 0;
    for (T one : rows) {
      values[row++] = asSent(column.apply(one));
    }
    return values;
  }

  /** Writes a value that is {@link #asSent} as {@code COPY} wants it in its binary form. */
  void copy(@Nullable Object value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeInt(-1);
      return;
    }
    switch (this) {
      case ID -> {
        out.writeInt(2 * Long.BYTES);
        out.writeLong(((UUID) value).getMostSignificantBits());
        out.writeLong(((UUID) value).getLeastSignificantBits());
      }
      case NUMBER -> {
        out.writeInt(Long.BYTES);
        out.writeLong((Long) value);
      }
      case INTEGER -> {
        out.writeInt(Integer.BYTES);
        out.writeInt(((Long) value).intValue());
      }
      case SMALL -> {
        out.writeInt(Short.BYTES);
        out.writeShort(((Long) value).shortValue());
      }
      case TIME -> {
        out.writeInt(Long.BYTES);
        out.writeLong((Long) value - MICROS_TO_2000);
      }
      case FLAG -> {
        out.writeInt(Byte.BYTES);
        out.writeBoolean((Boolean) value);
      }
      case TEXT -> copy(((String) value).getBytes(StandardCharsets.UTF_8), out);
      case BYTES -> copy((byte[]) value, out);
    }
  }

  private static void copy(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
