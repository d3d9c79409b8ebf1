package dev.notify.model;

/**
 * A notification that can never be delivered as it stands. The message names the field and never
 * holds a personal value unmasked.
 *
 * @since 0.1
 */
public final class InvalidNotificationException extends NotifyException {

  private static final long serialVersionUID = 1L;
  private final String field;

  /** Says which field is wrong and how. */
  public InvalidNotificationException(String field, String problem) {
    super(field + ": " + problem);
    this.field = field;
  }

  /** The field at fault, for example {@code channels} or {@code variables.orderId}. */
  public String field() {
    return field;
  }
}
