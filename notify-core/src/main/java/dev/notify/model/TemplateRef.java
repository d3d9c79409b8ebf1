package dev.notify.model;

import java.util.Map;

/**
 * A template by name, and the values for its placeholders. {@code toString} leaves the values out.
 *
 * @param name the template's name
 * @param variables plain data: text, numbers, booleans, times, maps, lists, records
 * @since 0.1
 */
public record TemplateRef(String name, Map<String, Object> variables) {

  /** Checks the name and takes an immutable copy of the variables. */
  public TemplateRef {
    Text.requireToken("template", name, 128);
    variables = Variables.snapshot("variables", variables);
  }

  @Override
  public String toString() {
    return "TemplateRef[" + name + ", " + variables.keySet() + "]";
  }
}
