package dev.notify.benchmarks.chaos;

/**
 * Something that must not be.
 *
 * @param law against which law
 * @param what what is wrong, with the ids to look for
 */
record Violation(Law law, String what) {

  /** What must hold whatever happens. */
  enum Law {
    /** What was accepted is given to a provider, or ends with a reason that holds. */
    LOST,
    /** Nothing is given to a provider again without a fault that excuses it. */
    REPEATED,
    /** What is recorded as sent was accepted by the provider. */
    FALSELY_SENT,
    /** Nothing is sent before it is due. */
    EARLY,
    /** Nothing is sent when it has expired. */
    LATE,
    /** Nothing is tried more often than it may. */
    TOO_OFTEN,
    /** A key stands for one notification. */
    KEY_BROKEN,
    /** Nothing stays open for ever, and nothing is open and ended. */
    STUCK
  }

  @Override
  public String toString() {
    return law + ": " + what;
  }
}
