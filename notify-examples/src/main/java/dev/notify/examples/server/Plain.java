package dev.notify.examples.server;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of the application's as JSON knows them: all that is no number, truth or group is text.
 */
final class Plain {

  private Plain() {}

  static Object of(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new LinkedHashMap<>();
      map.forEach((name, inner) -> plain.put(String.valueOf(name), of(inner)));
      return plain;
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(Plain::of).toList();
    }
    return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
  }
}
