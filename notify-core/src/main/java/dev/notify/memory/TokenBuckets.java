package dev.notify.memory;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.notify.model.Rate;
import dev.notify.spi.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Rate limits in the heap, by bucket4j. A bucket is full at first and fills up again at the end of
 * each period, counted from its first use. Buckets that nobody used for a period are full again and
 * are forgotten; at most a million are kept.
 *
 * @since 0.1
 */
public final class TokenBuckets implements RateLimiter {

  private static final int MOST_BUCKETS = 1_000_000;

  private final LoadingCache<Key, Bucket> buckets;

  private record Key(String name, Rate rate) {}

  /** Limits by this clock. */
  public TokenBuckets(InstantSource clock) {
    TimeMeter meter = new ClockMeter(clock);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_BUCKETS)
            .ticker(meter::currentTimeNanos)
            .executor(Runnable::run)
            .expireAfter(
                Expiry.<Key, Bucket>accessing((key, bucket) -> key.rate().period().plusMillis(1)))
            .build(key -> bucket(key.rate(), meter));
  }

  private static Bucket bucket(Rate rate, TimeMeter meter) {
    return Bucket.builder()
        .withCustomTimePrecision(meter)
        .addLimit(
            limit -> limit.capacity(rate.count()).refillIntervally(rate.count(), rate.period()))
        .build();
  }

  @Override
  public Optional<Duration> tryAcquire(String key, Rate rate) {
    var probe = buckets.get(new Key(key, rate)).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  @Override
  public Optional<Duration> peek(String key, Rate rate) {
    var probe = buckets.get(new Key(key, rate)).estimateAbilityToConsume(1);
    return probe.canBeConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  @Override
  public void release(String key, Rate rate) {
    buckets.get(new Key(key, rate)).addTokens(1);
  }

  /** bucket4j measures with the dispatcher's clock, so that tests can move it. */
  private record ClockMeter(InstantSource clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      var now = clock.instant();
      return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
