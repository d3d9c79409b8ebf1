package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notify.model.RecipientEntry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * People who were read lately, and ids that are nobody's. What is changed here is read anew at
 * once, what is changed by another process after a while. Thread-safe.
 */
final class RecipientCache {

  /**
   * More than the largest page of a broadcast, whose people are put here before they are asked for.
   */
  private static final int MOST = 20_000;

  private final Cache<String, Optional<RecipientEntry>> people;
  private final AtomicLong removals = new AtomicLong();

  RecipientCache(Duration longest) {
    people = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(longest).build();
  }

  @Nullable Optional<RecipientEntry> find(String id) {
    return people.getIfPresent(id);
  }

  /** To be asked before somebody is read from the tables who is then {@link #put} here. */
  long asOf() {
    return removals.get();
  }

  /** Keeps what was read, unless anybody was removed since: it may be them. */
  void put(String id, Optional<RecipientEntry> entry, long asOf) {
    Optional<RecipientEntry> unused =
        people.asMap().compute(id, (key, known) -> removals.get() == asOf ? entry : known);
  }

  void remove(String id) {
    // First the count: a put that is under way either sees it, or is over when the entry goes.
    removals.incrementAndGet();
    people.invalidate(id);
  }
}
