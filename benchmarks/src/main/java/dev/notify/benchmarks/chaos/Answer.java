package dev.notify.benchmarks.chaos;

import dev.notify.model.Outcome;

/** What a provider said, as far as it matters whether to call again. */
enum Answer {
  ACCEPTED,
  /** Surely not taken, and counts as an attempt. */
  FAILED,
  /** Surely not taken, and counts for nothing. */
  TURNED_AWAY,
  /** Taken or not. */
  UNKNOWN;

  static Answer of(Outcome outcome) {
    if (outcome instanceof Outcome.Accepted) {
      return ACCEPTED;
    }
    if (outcome instanceof Outcome.Throttled || outcome instanceof Outcome.Misconfigured) {
      return TURNED_AWAY;
    }
    return outcome instanceof Outcome.Unknown ? UNKNOWN : FAILED;
  }
}
