package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Template variables as JSON and back, each with its type: a template shows a date as a date, and a
 * fingerprint tells 1 from "1". What JSON has itself (text, int, double, boolean, lists, maps)
 * stands plainly; everything else is {@code {"$": TYPE, "v": TEXT}}.
 */
final class PlainJson {

  private static final String TYPE = "$";
  private static final String VALUE = "v";
  private static final String MAP = "map";

  private static final Map<Class<?>, String> NAMES =
      Map.ofEntries(
          Map.entry(Long.class, "long"),
          Map.entry(Short.class, "short"),
          Map.entry(Byte.class, "byte"),
          Map.entry(Float.class, "float"),
          Map.entry(BigDecimal.class, "decimal"),
          Map.entry(BigInteger.class, "integer"),
          Map.entry(Instant.class, "instant"),
          Map.entry(LocalDate.class, "date"),
          Map.entry(LocalTime.class, "time"),
          Map.entry(LocalDateTime.class, "datetime"),
          Map.entry(ZonedDateTime.class, "zoned"),
          Map.entry(OffsetDateTime.class, "offset-datetime"),
          Map.entry(OffsetTime.class, "offset-time"),
          Map.entry(Year.class, "year"),
          Map.entry(YearMonth.class, "year-month"),
          Map.entry(MonthDay.class, "month-day"),
          Map.entry(Month.class, "month"),
          Map.entry(DayOfWeek.class, "weekday"),
          Map.entry(ZoneOffset.class, "offset"));

  private static final Map<String, Function<String, Object>> READERS =
      Map.ofEntries(
          Map.entry("long", Long::valueOf),
          Map.entry("short", Short::valueOf),
          Map.entry("byte", Byte::valueOf),
          Map.entry("float", Float::valueOf),
          Map.entry("double", Double::valueOf),
          Map.entry("decimal", BigDecimal::new),
          Map.entry("integer", BigInteger::new),
          Map.entry("instant", Instant::parse),
          Map.entry("date", LocalDate::parse),
          Map.entry("time", LocalTime::parse),
          Map.entry("datetime", LocalDateTime::parse),
          Map.entry("zoned", ZonedDateTime::parse),
          Map.entry("offset-datetime", OffsetDateTime::parse),
          Map.entry("offset-time", OffsetTime::parse),
          Map.entry("year", Year::parse),
          Map.entry("year-month", YearMonth::parse),
          Map.entry("month-day", MonthDay::parse),
          Map.entry("month", Month::valueOf),
          Map.entry("weekday", DayOfWeek::valueOf),
          Map.entry("offset", ZoneOffset::of));

  private PlainJson() {}

  static void write(JsonGenerator out, Object value) throws IOException {
    if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Integer number) {
      out.writeNumber(number);
    } else if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        out.writeNumber(number);
      } else {
        typed(out, "double", number.toString());
      }
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(out, map);
    } else if (value instanceof Collection<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        write(out, item);
      }
      out.writeEndArray();
    } else {
      String name = NAMES.get(value.getClass());
      if (name == null) {
        // A calendar that ISO does not know; templates show its text.
        out.writeString(value.toString());
      } else {
        typed(out, name, value instanceof Enum<?> word ? word.name() : value.toString());
      }
    }
  }

  private static void writeMap(JsonGenerator out, Map<?, ?> map) throws IOException {
    boolean looksTyped = map.containsKey(TYPE);
    if (looksTyped) {
      out.writeStartObject();
      out.writeStringField(TYPE, MAP);
      out.writeFieldName(VALUE);
    }
    out.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.writeFieldName((String) entry.getKey());
      write(out, entry.getValue());
    }
    out.writeEndObject();
    if (looksTyped) {
      out.writeEndObject();
    }
  }

  private static void typed(JsonGenerator out, String type, String text) throws IOException {
    out.writeStartObject();
    out.writeStringField(TYPE, type);
    out.writeStringField(VALUE, text);
    out.writeEndObject();
  }

  static Map<String, Object> map(JsonNode node) {
    Map<String, Object> map = new LinkedHashMap<>();
    node.properties().forEach(field -> map.put(field.getKey(), read(field.getValue())));
    return map;
  }

  private static Object read(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? (Object) node.intValue() : (Object) node.doubleValue();
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>(node.size());
      node.forEach(item -> items.add(read(item)));
      return items;
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException("a " + node.getNodeType() + " is no variable");
    }
    JsonNode type = node.get(TYPE);
    if (type == null) {
      return map(node);
    }
    if (type.textValue().equals(MAP)) {
      return map(node.get(VALUE));
    }
    Function<String, Object> reader = READERS.get(type.textValue());
    if (reader == null) {
      throw new IllegalArgumentException("variables of type " + type + " are unknown here");
    }
    return reader.apply(node.get(VALUE).textValue());
  }
}
