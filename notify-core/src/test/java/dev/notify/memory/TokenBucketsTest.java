package dev.notify.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.ConfigurationException;
import dev.notify.model.Rate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** So many in such a time, by a clock that moves when told. */
class TokenBucketsTest {

  private static final Rate THREE_AN_HOUR = Rate.perHour(3);

  private Instant now = Instant.parse("2026-05-05T12:00:00Z");
  private final TokenBuckets buckets = new TokenBuckets(() -> now);

  @Test
  void aBucketIsFullAtFirstAndSaysHowLongToWaitWhenEmpty() {
    take(3);
    now = now.plus(Duration.ofMinutes(20));

    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).contains(Duration.ofMinutes(40));
  }

  @Test
  void itFillsUpAtTheEndOfThePeriodAndNotABitBefore() {
    take(3);

    now = now.plus(Duration.ofHours(1)).minusNanos(1);
    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).contains(Duration.ofNanos(1));
    now = now.plusNanos(1);
    take(3);
    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).isPresent();
  }

  @Test
  void anIdleWhileDoesNotSaveUpForMoreThanAPeriod() {
    take(1);
    now = now.plus(Duration.ofDays(7));

    take(3);
    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).isPresent();
  }

  @Test
  void lookingTakesNothing() {
    take(2);

    assertThat(buckets.peek("a", THREE_AN_HOUR)).isEmpty();
    assertThat(buckets.peek("a", THREE_AN_HOUR)).isEmpty();
    take(1);
    assertThat(buckets.peek("a", THREE_AN_HOUR)).contains(Duration.ofHours(1));
  }

  @Test
  void whatIsGivenBackCanBeTakenAgainButNeverMoreThanFits() {
    take(3);
    buckets.release("a", THREE_AN_HOUR);
    take(1);
    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).isPresent();

    now = now.plus(Duration.ofHours(1));
    for (int i = 0; i < 10; i++) {
      buckets.release("a", THREE_AN_HOUR);
    }
    take(3);
    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).isPresent();
  }

  @Test
  void keysAndRatesCountApart() {
    take(3);

    assertThat(buckets.tryAcquire("b", THREE_AN_HOUR)).isEmpty();
    assertThat(buckets.tryAcquire("a", Rate.perHour(4))).isEmpty();
  }

  @Test
  void aClockThatGoesBackGivesNothingAway() {
    take(3);
    now = now.minus(Duration.ofHours(5));

    assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).isPresent();
  }

  @Test
  void theFastestAndTheSlowestRateThatMayBeSetWork() {
    assertThat(buckets.tryAcquire("fast", Rate.perSecond(1_000_000_000))).isEmpty();
    assertThat(buckets.tryAcquire("slow", new Rate(1, Duration.ofDays(400)))).isEmpty();
    assertThat(buckets.tryAcquire("slow", new Rate(1, Duration.ofDays(400))))
        .contains(Duration.ofDays(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "P401D", "PT0.000000001S", "PT9223372036854775807S"})
  void ratesOutOfBoundsAreRefused(Duration period) {
    assertThatThrownBy(() -> new Rate(2, period)).isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> Rate.perSecond(0)).isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> Rate.perSecond(-1)).isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> Rate.perSecond(1_000_000_001))
        .isInstanceOf(ConfigurationException.class);
  }

  private void take(int permits) {
    for (int i = 0; i < permits; i++) {
      assertThat(buckets.tryAcquire("a", THREE_AN_HOUR)).isEmpty();
    }
  }
}
