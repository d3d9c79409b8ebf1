package dev.notify.specs;

import dev.notify.memory.TokenBuckets;
import dev.notify.spi.RateLimiter;
import dev.notify.test.RateLimiterContract;
import java.time.InstantSource;

class MemoryRateLimiterContractTest extends RateLimiterContract {

  @Override
  protected RateLimiter create(InstantSource clock) {
    return new TokenBuckets(clock);
  }
}
