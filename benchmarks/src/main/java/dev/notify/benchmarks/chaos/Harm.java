package dev.notify.benchmarks.chaos;

/**
 * A fault as it came about.
 *
 * @param kind what was done
 * @param target to which worker, or to the server
 * @param time when
 */
record Harm(Kind kind, String target, Span time) {

  /** Whether nobody could work meanwhile. */
  boolean stopsAll() {
    return kind == Kind.RESTART_FAST || kind == Kind.RESTART_IMMEDIATE || kind == Kind.LOCK;
  }

  /** Whether it kept a process from taking over what another one had held. */
  boolean stops(Life life) {
    return !kind.isOfServer() && kind != Kind.ANSWERS_LOST && life.name().startsWith(target + ".");
  }
}
