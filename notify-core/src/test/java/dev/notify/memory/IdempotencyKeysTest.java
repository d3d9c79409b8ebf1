package dev.notify.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.NotificationId;
import dev.notify.spi.NotificationStore.KeyUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A key stands for its notification until its window ends. */
class IdempotencyKeysTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final Instant END = NOW.plus(Duration.ofHours(1));

  private final IdempotencyKeys keys = new IdempotencyKeys();

  @Test
  void theFirstUseOfAKeyCounts() {
    KeyUse first = use("key", 1, END);
    KeyUse second = use("key", 2, END.plusSeconds(1));

    assertThat(keys.putIfAbsent(first, NOW)).isEmpty();
    assertThat(keys.putIfAbsent(second, NOW.plusSeconds(1))).contains(first);
    assertThat(keys.find("key", NOW.plusSeconds(2))).contains(first);
    assertThat(keys.find("Key", NOW)).isEmpty();
  }

  @Test
  void aWindowHoldsToItsLastMomentAndEndsWithItsEnd() {
    keys.putIfAbsent(use("key", 1, END), NOW);
    KeyUse again = use("key", 2, END.plus(Duration.ofHours(1)));

    assertThat(keys.find("key", END.minusNanos(1))).isPresent();
    assertThat(keys.find("key", END)).isEmpty();
    assertThat(keys.putIfAbsent(again, END)).isEmpty();
    assertThat(keys.find("key", END)).contains(again);
  }

  @Test
  void aKeyUsedAnewIsKeptForItsNewWindowWhenOldOnesAreDropped() {
    keys.putIfAbsent(use("a", 1, NOW.plusSeconds(10)), NOW);
    keys.putIfAbsent(use("b", 2, NOW.plusSeconds(20)), NOW.plusSeconds(10));
    keys.putIfAbsent(use("a", 3, NOW.plusSeconds(25)), NOW.plusSeconds(15));

    keys.putIfAbsent(use("c", 4, NOW.plusSeconds(32)), NOW.plusSeconds(22));

    assertThat(keys.find("a", NOW.plusSeconds(22))).isPresent();
    assertThat(keys.find("b", NOW.plusSeconds(22))).isEmpty();
  }

  private static KeyUse use(String key, long id, Instant until) {
    return new KeyUse(key, "print", new NotificationId(new UUID(0, id)), List.of(), until);
  }
}
