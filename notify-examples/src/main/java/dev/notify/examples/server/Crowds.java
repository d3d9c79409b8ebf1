package dev.notify.examples.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From how many requests at a time a stranger's bodies are read. Who sends slowly holds a thread;
 * nobody is to hold them all. A vendor sends many reports at once from few addresses: who has just
 * shown by a signature who it is gets more room. Thread-safe.
 */
final class Crowds {

  private static final int MOST = 16;

  /** Leaves some threads to everybody else, whose keys say who they are. */
  private static final int MOST_OF_BELIEVED = 48;

  private static final int MOST_BELIEVED = 10_000;

  private final Map<String, Integer> inside = new ConcurrentHashMap<>();
  private final Cache<String, Boolean> believed =
      Caffeine.newBuilder()
          .maximumSize(MOST_BELIEVED)
          .expireAfterAccess(Duration.ofHours(24))
          .build();

  /** By which a client comes in. */
  Door door(String client) {
    return new Door(Optional.of(this), client);
  }

  private void enter(String client) {
    int most = believed.getIfPresent(client) == null ? MOST : MOST_OF_BELIEVED;
    int now = inside.merge(client, 1, Integer::sum);
    if (now > most) {
      leave(client);
      throw Problem.tooMany(Duration.ofSeconds(1)).with("Connection", "close");
    }
  }

  private void leave(String client) {
    Integer ignored = inside.computeIfPresent(client, (name, now) -> now == 1 ? null : now - 1);
  }

  /** One client's way in. */
  record Door(Optional<Crowds> crowds, String client) {

    /** For whom nothing is counted: programs have a key. */
    static final Door WIDE_OPEN = new Door(Optional.empty(), "");

    /** Counts one more in; throws if that is one too many. */
    void enter() {
      crowds.ifPresent(all -> all.enter(client));
    }

    /** Counts one out that had come in. */
    void leave() {
      crowds.ifPresent(all -> all.leave(client));
    }

    /** It has shown who it is. */
    void believe() {
      crowds.ifPresent(all -> all.believed.put(client, true));
    }
  }
}
