package dev.notify.template;

import dev.notify.model.Recipient;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data a template sees: the notification's variables, and {@code recipient} with id and
 * attributes.
 */
final class PlainData {

  private PlainData() {}

  static Map<String, Object> scope(Map<String, Object> variables, Recipient recipient) {
    Map<String, Object> person = new HashMap<>(recipient.attributes());
    person.put("id", recipient.id());
    Map<String, Object> scope = new HashMap<>(variables);
    scope.putIfAbsent("recipient", person);
    return scope;
  }

  /** The value of a dotted name, {@code order.id}; a key that has the dots in it comes first. */
  static @Nullable Object lookUp(Map<?, ?> data, String name) {
    Object whole = data.get(name);
    int dot = name.indexOf('.');
    if (whole != null || dot <= 0) {
      return whole;
    }
    return data.get(name.substring(0, dot)) instanceof Map<?, ?> inner
        ? lookUp(inner, name.substring(dot + 1))
        : null;
  }
}
