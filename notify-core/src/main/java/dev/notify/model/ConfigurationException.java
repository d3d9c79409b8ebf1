package dev.notify.model;

/**
 * A dispatcher, provider or property that cannot work as configured. Names the option or key; never
 * holds a secret's value.
 *
 * @since 0.1
 */
public final class ConfigurationException extends NotifyException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the option and what to do. */
  public ConfigurationException(String message) {
    super(message);
  }

  /** With the fault that led to it. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
