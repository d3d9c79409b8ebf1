package dev.notify.model;

/**
 * A webhook request that is not believed, or makes no sense. Its message never quotes the request.
 *
 * @since 0.1
 */
public final class WebhookRefusedException extends NotifyException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Why {
    /** Nothing proves that the vendor sent it. */
    FORGED,
    /** The vendor sent it, but too long ago: it may be repeated by somebody else. */
    STALE,
    /** The vendor sent it, and it cannot be read. */
    MALFORMED,
    /** Whether the vendor sent it cannot be told at the moment; it should come again. */
    UNDECIDED
  }

  private final Why why;

  /** Says why, in a word for programs and a sentence for people. */
  public WebhookRefusedException(Why why, String message) {
    super(message);
    this.why = why;
  }

  /** What is wrong with it. */
  public Why why() {
    return why;
  }
}
