package dev.notify.examples.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/** How often each may call. Who has not called for a while is forgotten, and begins anew. */
final class RateLimits {

  private static final int MOST_CLIENTS = 100_000;

  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(MOST_CLIENTS)
          .expireAfterAccess(Duration.ofMinutes(10))
          .build();

  private final long burst;
  private final long perSecond;
  private final TimeMeter time;

  RateLimits(long burst, long perSecond) {
    this(burst, perSecond, TimeMeter.SYSTEM_NANOTIME);
  }

  RateLimits(long burst, long perSecond, TimeMeter time) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.time = time;
  }

  /** Counts a call of a client; throws if that is one too many. */
  void count(String client) {
    ConsumptionProbe probe = bucket(client).tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw Problem.tooMany(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
  }

  private Bucket bucket(String client) {
    return buckets.get(
        client,
        name ->
            Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(
                    limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build());
  }
}
