package dev.notify.benchmarks.chaos;

import java.util.Optional;

/**
 * A time with a beginning and an end, in microseconds of the run.
 *
 * @param from its beginning
 * @param to its end; {@link Long#MAX_VALUE} if it had none
 */
record Span(long from, long to) {

  long length() {
    return to - from;
  }

  boolean meets(Span other) {
    return from <= other.to && other.from <= to;
  }

  /** What is of both; empty if they do not meet. */
  Optional<Span> common(Span other) {
    return meets(other)
        ? Optional.of(new Span(Math.max(from, other.from), Math.min(to, other.to)))
        : Optional.empty();
  }

  boolean has(long moment) {
    return from <= moment && moment <= to;
  }
}
