package dev.notify.jdbc;

import dev.notify.jdbc.PersonKeys.PersonKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Persons' keys that were used lately, for half a minute each: for so long at most another process
 * opens what belongs to a person who was forgotten here. Thread-safe.
 */
final class PersonKeyCache {

  private static final int MOST = 10_000;
  private static final long LONGEST = Duration.ofSeconds(30).toNanos();

  private final LinkedHashMap<ByteBuffer, Cached> keys =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Cached> eldest) {
          return size() > MOST;
        }
      };

  private long removals;

  private record Cached(PersonKey key, long since) {}

  synchronized Optional<PersonKey> find(ByteBuffer hash) {
    Cached cached = keys.get(hash);
    if (cached == null || System.nanoTime() - cached.since() > LONGEST) {
      return Optional.empty();
    }
    return Optional.of(cached.key());
  }

  /** To be asked before a key is read from the tables that is then {@link #put} here. */
  synchronized long asOf() {
    return removals;
  }

  /** Keeps a key, unless one was removed since it was read: it may be that one. */
  synchronized void put(ByteBuffer hash, PersonKey key, long asOf) {
    if (asOf == removals) {
      keys.put(hash, new Cached(key, System.nanoTime()));
    }
  }

  synchronized void remove(ByteBuffer hash) {
    removals++;
    keys.remove(hash);
  }
}
