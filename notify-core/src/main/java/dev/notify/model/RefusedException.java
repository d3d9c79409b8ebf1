package dev.notify.model;

/**
 * A notification that was not accepted although it is valid: nothing of it was stored and nothing
 * of it will be sent. {@link #why()} says whether and when to try again.
 *
 * @since 0.1
 */
public final class RefusedException extends NotifyException {

  private static final long serialVersionUID = 1L;

  /** Why a valid notification was refused. */
  public enum Why {
    /** As many deliveries are open as the store may hold; try again later, or slow down. */
    QUEUE_FULL,
    /** The dispatcher is closed or closing. */
    CLOSED,
    /**
     * The idempotency key was used within its window for a notification that says something else.
     */
    KEY_REUSED,
    /** The store could not be reached. */
    STORE_UNAVAILABLE
  }

  private final Why why;

  /** Says why, in a word for programs and a sentence for people. */
  public RefusedException(Why why, String message) {
    super(message);
    this.why = why;
  }

  /** Says why, with the fault that led to it. */
  public RefusedException(Why why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** Why it was refused. */
  public Why why() {
    return why;
  }
}
