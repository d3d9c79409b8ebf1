package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was read lately, what is not there too: for so long at most, this process goes by what
 * another has changed since. Thread-safe.
 */
final class Recent<K, V> {

  private static final int MOST = 50_000;

  private final Optional<Cache<K, V>> cache;

  /**
   * An empty one.
   *
   * @param life how long a value counts; nothing is kept at zero
   */
  Recent(Duration life, Ticker ticker) {
    cache =
        life.isZero()
            ? Optional.empty()
            : Optional.of(
                Caffeine.newBuilder()
                    .maximumSize(MOST)
                    .expireAfterWrite(life)
                    .ticker(ticker)
                    .executor(Runnable::run)
                    .build());
  }

  /** The value, if it was read lately. */
  Optional<V> peek(K key) {
    return cache.flatMap(kept -> Optional.ofNullable(kept.getIfPresent(key)));
  }

  /** The value; many who ask for one at the same moment wait for one reading. */
  V get(K key, Function<K, V> read) {
    return cache.isEmpty() ? read.apply(key) : cache.get().get(key, read);
  }

  /** To be called after a change is committed: waits for a reading that may have begun before. */
  void drop(K key) {
    cache.ifPresent(kept -> kept.invalidate(key));
  }
}
