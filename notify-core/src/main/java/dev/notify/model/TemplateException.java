package dev.notify.model;

import org.jspecify.annotations.Nullable;

/**
 * A template that is missing, broken, or lacks a variable it needs. Thrown by {@code send}, so that
 * a mistake shows where it was made and not at delivery.
 *
 * @since 0.1
 */
public final class TemplateException extends NotifyException {

  private static final long serialVersionUID = 1L;
  private final String template;

  /** Says which template is at fault and how. */
  public TemplateException(String template, String problem, @Nullable Throwable cause) {
    super("template '" + template + "': " + problem, cause);
    this.template = template;
  }

  /** Says which template is at fault and how. */
  public TemplateException(String template, String problem) {
    this(template, problem, null);
  }

  /** Name of the template. */
  public String template() {
    return template;
  }
}
