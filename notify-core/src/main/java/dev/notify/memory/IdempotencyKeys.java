package dev.notify.memory;

import dev.notify.spi.NotificationStore.KeyUse;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Idempotency keys within their window; all windows are equally long, so the first to come ends
 * first.
 */
final class IdempotencyKeys {

  private static final Logger log = LoggerFactory.getLogger(MemoryStore.class);
  private static final int MOST = 1_000_000;

  private final LinkedHashMap<String, KeyUse> uses = new LinkedHashMap<>();

  Optional<KeyUse> find(String key, Instant now) {
    return Optional.ofNullable(uses.get(key)).filter(use -> now.isBefore(use.until()));
  }

  Optional<KeyUse> putIfAbsent(KeyUse use, Instant now) {
    Optional<KeyUse> earlier = find(use.key(), now);
    if (earlier.isEmpty()) {
      dropEnded(now);
      uses.remove(use.key());
      uses.put(use.key(), use);
    }
    return earlier;
  }

  private void dropEnded(Instant now) {
    Iterator<Map.Entry<String, KeyUse>> oldest = uses.entrySet().iterator();
    while (oldest.hasNext()) {
      KeyUse use = oldest.next().getValue();
      boolean ended = !now.isBefore(use.until());
      if (!ended && uses.size() < MOST) {
        return;
      }
      if (!ended) {
        log.warn(
            "more than {} idempotency keys within their window: the oldest is forgotten early",
            MOST);
      }
      oldest.remove();
    }
  }
}
