package dev.notify.model;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes an immutable copy of template variables as plain data (maps, lists, text, numbers,
 * booleans, times), so that what was accepted is what is rendered later, it can be stored as JSON,
 * and no template can reach into the application's objects.
 */
final class Variables {

  private static final int DEEPEST = 16;

  /** What refers to one thing in many places grows when it is copied, and when it is stored. */
  private static final int MOST_VALUES = 200_000;

  /** As large a number is no amount and no count, and takes its time to be written down. */
  private static final int LARGEST_NUMBER_BITS = 4_096;

  private static final int MOST_DECIMAL_PLACES = 1_000;

  private final String root;

  /** Values so far, and the characters they have. */
  private final long[] counts = new long[2];

  private Variables(String root) {
    this.root = root;
  }

  static Map<String, Object> snapshot(String field, Map<String, ?> variables) {
    return variables.isEmpty() ? Map.of() : new Variables(field).map(field, variables, 0);
  }

  /** The components of a record by name. */
  static Map<String, Object> ofRecord(String field, Record value) {
    return new Variables(field).record(field, value, 0);
  }

  private Map<String, Object> map(String field, Map<?, ?> source, int depth) {
    Map<String, Object> copy = new LinkedHashMap<>(source.size() * 2);
    for (Map.Entry<?, ?> entry : source.entrySet()) {
      if (!(entry.getKey() instanceof String name) || name.isBlank()) {
        throw new InvalidNotificationException(field, "has a key that is not a name");
      }
      Object value = entry.getValue();
      putUnlessAbsent(
          copy,
          name,
          isSmall(value) ? counted(value) : value(field + "." + name, value, depth + 1));
    }
    return Collections.unmodifiableMap(copy);
  }

  private Map<String, Object> record(String field, Record source, int depth) {
    Map<String, Object> copy = new LinkedHashMap<>();
    for (RecordComponent component : source.getClass().getRecordComponents()) {
      String name = field + "." + component.getName();
      putUnlessAbsent(
          copy, component.getName(), value(name, read(name, source, component), depth + 1));
    }
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object read(String field, Record source, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(source);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new InvalidNotificationException(
          field,
          "cannot be read from record "
              + source.getClass().getName()
              + "; in a named module, open its package to dev.notify.core");
    }
  }

  private static void putUnlessAbsent(
      Map<String, Object> copy, String name, @Nullable Object value) {
    if (value != null) {
      copy.put(name, value);
    }
  }

  private @Nullable Object value(String field, @Nullable Object value, int depth) {
    if (depth > DEEPEST) {
      throw new InvalidNotificationException(field, "is nested deeper than " + DEEPEST + " levels");
    }
    if (value == null || isPlain(value)) {
      requireWritable(field, value);
      return counted(value);
    }
    if (value instanceof String text) {
      return counted(Text.requireText(field, text, Text.LONGEST));
    }
    if (value instanceof Number number) {
      return counted(frozen(field, number));
    }
    if (value instanceof Map<?, ?> map) {
      Object ignored = counted(map);
      return map(field, map, depth);
    }
    if (value instanceof Collection<?> items) {
      Object ignored = counted(items);
      return list(field, items, depth);
    }
    if (value instanceof Record data) {
      Object ignored = counted(data);
      return record(field, data, depth);
    }
    if (value instanceof Optional<?> optional) {
      return value(field, optional.orElse(null), depth);
    }
    if (value instanceof Enum<?>
        || value instanceof Character
        || value instanceof UUID
        || value instanceof java.net.URI) {
      return value.toString();
    }
    throw new InvalidNotificationException(
        field,
        "is a "
            + value.getClass().getName()
            + "; use text, a number, a boolean, a java.time value, a map, a collection or a record");
  }

  private @Nullable Object counted(@Nullable Object value) {
    if (value instanceof CharSequence text) {
      counts[1] += text.length();
    }
    if (++counts[0] > MOST_VALUES || counts[1] > Text.LONGEST) {
      throw new InvalidNotificationException(
          root,
          counts[0] > MOST_VALUES
              ? "holds more than " + MOST_VALUES + " values"
              : "holds more than " + Text.LONGEST + " characters");
    }
    return value;
  }

  /** What needs no path to say what is wrong with it, which saves making one. */
  private static boolean isSmall(@Nullable Object value) {
    return isPlain(value) && !(value instanceof BigDecimal) && !(value instanceof BigInteger);
  }

  private static void requireWritable(String field, @Nullable Object value) {
    boolean isTooLarge =
        value instanceof BigInteger integer && integer.bitLength() > LARGEST_NUMBER_BITS
            || value instanceof BigDecimal decimal
                && (decimal.unscaledValue().bitLength() > LARGEST_NUMBER_BITS
                    || Math.abs((long) decimal.scale()) > MOST_DECIMAL_PLACES);
    if (isTooLarge) {
      throw new InvalidNotificationException(field, "is a number of more than a thousand digits");
    }
  }

  /** What may be kept as it is, as most values may. */
  private static boolean isPlain(@Nullable Object value) {
    return value == null
        || (value instanceof String text
            && text.length() <= Text.LONGEST
            && Text.indexOfUnfit(text) < 0)
        || (value instanceof Number && value.getClass().getPackageName().equals("java.lang"))
        || value.getClass() == BigDecimal.class
        || value.getClass() == BigInteger.class
        || value instanceof Boolean
        || value instanceof TemporalAccessor;
  }

  /** A counter goes on counting after it was given to us; what counts is where it stood. */
  private static Number frozen(String field, Number number) {
    try {
      return new BigDecimal(number.toString());
    } catch (NumberFormatException e) {
      throw new InvalidNotificationException(
          field, "is a " + number.getClass().getName() + " that does not read as a number");
    }
  }

  private List<Object> list(String field, Collection<?> items, int depth) {
    if (items.size() > MOST_VALUES) {
      throw new InvalidNotificationException(
          field, "has " + items.size() + " items; " + MOST_VALUES + " are the most");
    }
    List<Object> copy = new ArrayList<>(items.size());
    int index = 0;
    for (Object item : items) {
      Object plain = value(field + "[" + index++ + "]", item, depth + 1);
      if (plain != null) {
        copy.add(plain);
      }
    }
    return Collections.unmodifiableList(copy);
  }
}
