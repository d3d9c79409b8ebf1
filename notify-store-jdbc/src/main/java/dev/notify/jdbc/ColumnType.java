package dev.notify.jdbc;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a column of a {@link Relation} is to PostgreSQL, and how its values are sent. */
enum ColumnType {
  ID("uuid", Types.OTHER),
  TEXT("text", Types.VARCHAR),
  NUMBER("int8", Types.BIGINT),
  INTEGER("int8", Types.BIGINT),
  SMALL("int8", Types.BIGINT),
  /** Sent as a number of microseconds, which is shorter than how a moment is spelled. */
  TIME("int8", Types.BIGINT),
  FLAG("bool", Types.BOOLEAN),
  BYTES("bytea", Types.BINARY);

  /** When moments begin to be counted where they are sent as PostgreSQL's own. */
  private static final long MICROS_TO_2000 =
      ColumnArrays.micros(Instant.parse("2000-01-01T00:00:00Z"));

  final String sent;
  final int sqlType;

  ColumnType(String sent, int sqlType) {
    this.sent = sent;
    this.sqlType = sqlType;
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

  /** Spells a value as it is sent within an array. */
  void spell(@Nullable Object value, StringBuilder text) {
    if (value == null) {
      text.append("NULL");
      return;
    }
    switch (this) {
      case ID -> {
        hex(((UUID) value).getMostSignificantBits(), text);
        hex(((UUID) value).getLeastSignificantBits(), text);
      }
      case TEXT -> quote(Columns.storable((String) value), text);
      case NUMBER, INTEGER, SMALL -> text.append(((Long) value).longValue());
      case TIME -> text.append(ColumnArrays.micros((Instant) value));
      case FLAG -> text.append(((Boolean) value).booleanValue());
      case BYTES -> quote((byte[]) value, text);
    }
  }

  private static void hex(long bits, StringBuilder text) {
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      text.append(Character.forDigit((int) (bits >>> shift) & 0xf, 16));
    }
  }

  private static void quote(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char letter = value.charAt(i);
      if (letter == '"' || letter == '\\') {
        text.append('\\');
      }
      text.append(letter);
    }
    text.append('"');
  }

  private static void quote(byte[] value, StringBuilder text) {
    text.append("\"\\\\x");
    HexFormat.of().formatHex(text, value).append('"');
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
