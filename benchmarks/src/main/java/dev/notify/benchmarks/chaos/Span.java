package dev.notify.benchmarks.chaos;

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

  boolean has(long moment) {
    return from <= moment && moment <= to;
  }
}
