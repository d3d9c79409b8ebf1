package dev.notify.examples.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests with a body each stranger may have under way. Who sends slowly holds a thread;
 * nobody is to hold them all. Thread-safe.
 */
final class Crowds {

  private static final int MOST = 16;

  private final Map<String, Integer> inside = new ConcurrentHashMap<>();

  /** Counts one more in; throws if that is one too many. */
  void enter(String client) {
    int now = inside.merge(client, 1, Integer::sum);
    if (now > MOST) {
      leave(client);
      throw Problem.tooMany(Duration.ofSeconds(1)).with("Connection", "close");
    }
  }

  /** Counts one out that had come in. */
  void leave(String client) {
    Integer ignored = inside.computeIfPresent(client, (name, now) -> now == 1 ? null : now - 1);
  }
}
