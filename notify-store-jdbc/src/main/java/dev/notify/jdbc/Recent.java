package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/**
 * What was read lately, what is not there too: for so long at most, this process goes by what
 * another has changed since. Who asks for what another thread is reading waits for it; whoever
 * brings something does not, for he may hold the connection that the reading waits for.
 * Thread-safe.
 */
final class Recent<K, V> {

  /**
   * More than the largest page of a broadcast, whose people come here before they are asked for.
   */
  private static final int MOST = 50_000;

  private final Optional<AsyncCache<K, V>> cache;

  /**
   * Counts drops, each of a share of the keys: what is read at a stroke is as good as lost if a
   * change of anybody meanwhile concerns all.
   */
  private final AtomicLongArray drops = new AtomicLongArray(1 << 10);

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
                    .buildAsync());
  }

  /** The value, if it was read lately. */
  Optional<V> peek(K key) {
    CompletableFuture<V> known = cache.isEmpty() ? null : cache.get().getIfPresent(key);
    return known == null ? Optional.empty() : Optional.ofNullable(known.getNow(null));
  }

  /** The value; many who ask for one at the same moment wait for one reading. */
  V get(K key, Function<K, V> read) {
    if (cache.isEmpty()) {
      return read.apply(key);
    }
    AsyncCache<K, V> kept = cache.get();
    CompletableFuture<V> theirs = kept.getIfPresent(key);
    if (theirs == null) {
      CompletableFuture<V> mine = new CompletableFuture<>();
      theirs = kept.asMap().putIfAbsent(key, mine);
      if (theirs == null) {
        return read(key, read, mine);
      }
    }
    V value = theirs.join();
    // Whoever read it failed, which is not our fault.
    return value == null ? read.apply(key) : value;
  }

  /** Tells those who wait; of nothing, if it fails, which the cache then forgets. */
  private static <K, V> V read(K key, Function<K, V> read, CompletableFuture<V> reading) {
    V value = null;
    try {
      value = read.apply(key);
      return value;
    } finally {
      reading.complete(value);
    }
  }

  /** Reads at a stroke what is about to be asked for and is not here; nothing if none is kept. */
  void expect(Collection<K> keys, Function<Set<K>, Map<K, V>> read) {
    if (cache.isEmpty()) {
      return;
    }
    Set<K> missing = new LinkedHashSet<>(keys);
    missing.removeIf(key -> cache.get().getIfPresent(key) != null);
    if (!missing.isEmpty()) {
      AsOf asOf = asOf();
      read.apply(missing).forEach((key, value) -> put(key, value, asOf));
    }
  }

  /** What had been dropped at a moment. */
  static final class AsOf {
    private final long[] drops;

    private AsOf(long[] drops) {
      this.drops = drops;
    }
  }

  /** To be asked before something is read that is then {@link #put} here. */
  AsOf asOf() {
    long[] counts = new long[drops.length()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = drops.get(i);
    }
    return new AsOf(counts);
  }

  private int share(K key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & drops.length() - 1;
  }

  /** Keeps what was read, unless it was dropped since. */
  void put(K key, V value, AsOf asOf) {
    put(key, value, asOf.drops[share(key)]);
  }

  /** As {@link #asOf}, for one key alone. */
  long stamp(K key) {
    return drops.get(share(key));
  }

  /** Keeps what was read, unless it was dropped since it was stamped. */
  void put(K key, V value, long stamp) {
    int share = share(key);
    if (cache.isPresent() && drops.get(share) == stamp) {
      CompletableFuture<V> brought = CompletableFuture.completedFuture(value);
      var unused =
          cache
              .get()
              .asMap()
              .compute(key, (same, known) -> drops.get(share) == stamp ? brought : known);
    }
  }

  /**
   * To be called after a change is committed: who asks from now on does not get what was before.
   */
  void drop(K key) {
    // First the count: a put that is under way either sees it, or is over when the value goes.
    drops.incrementAndGet(share(key));
    cache.ifPresent(kept -> kept.synchronous().invalidate(key));
  }
}
