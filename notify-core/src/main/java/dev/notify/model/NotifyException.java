package dev.notify.model;

import org.jspecify.annotations.Nullable;

/**
 * Root of the library's exceptions. All are unchecked; what a caller is expected to handle in
 * normal operation is a value ({@link Outcome}, {@link Decision}), not an exception.
 *
 * @since 0.1
 */
public class NotifyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message that says what was wrong and what to do. */
  public NotifyException(String message) {
    super(message);
  }

  /** With the fault that led to it. */
  public NotifyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What was wrong; never absent. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
