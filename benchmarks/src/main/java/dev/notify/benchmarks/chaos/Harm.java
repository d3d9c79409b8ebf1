package dev.notify.benchmarks.chaos;

/**
 * A fault as it came about.
 *
 * @param kind what was done
 * @param target to which worker, or to the server
 * @param time when
 */
record Harm(Kind kind, String target, Span time) {

  /** HikariCP's, in microseconds. */
  private static final long LONGEST_PAUSE_OF_POOL = 5_000_000;

  /** Whether nobody could work meanwhile. */
  boolean stopsAll() {
    return stopsConnections() || kind == Kind.LOCK;
  }

  /** Whether nobody could get a connection meanwhile. */
  boolean stopsConnections() {
    return kind == Kind.RESTART_FAST || kind == Kind.RESTART_IMMEDIATE;
  }

  /** When a pool may not yet know that the server is back. */
  Span aftermath() {
    long end = time.to();
    return new Span(end, end == Long.MAX_VALUE ? end : end + LONGEST_PAUSE_OF_POOL);
  }

  /** Whether it kept a process from taking over what another one had held. */
  boolean stops(Life life) {
    return !kind.isOfServer() && kind != Kind.ANSWERS_LOST && life.name().startsWith(target + ".");
  }
}
