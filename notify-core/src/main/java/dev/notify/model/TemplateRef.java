package dev.notify.model;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A template by name, and the values for its placeholders. {@code toString} leaves the values out.
 *
 * @param name the template's name: letters, digits and {@code - _ . /}, as it stands in paths;
 *     {@code name@3} is version 3 of a template that a store keeps
 * @param variables plain data: text, numbers, booleans, times, maps, lists, records
 * @since 0.1
 */
public record TemplateRef(String name, Map<String, Object> variables) {

  private static final Pattern NAME =
      Pattern.compile(
          "(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*(@[1-9][0-9]{0,8})?");

  /** Checks the name and takes an immutable copy of the variables. */
  public TemplateRef {
    requireName(name);
    variables = Variables.snapshot("variables", Text.present("variables", variables));
  }

  /** A name becomes part of a path, and must not lead out of the place where templates live. */
  static String requireName(String name) {
    Text.requireToken("template", name, 128);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidNotificationException(
          "template",
          "'"
              + Text.shown(name)
              + "' is no template name; use letters, digits and '-', '_', '.', '/'");
    }
    return name;
  }

  @Override
  public String toString() {
    return "TemplateRef[" + name + ", " + variables.keySet() + "]";
  }
}
