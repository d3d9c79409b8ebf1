package dev.notify.spi;

import dev.notify.model.Rate;
import java.time.Duration;
import java.util.Optional;

/**
 * Token buckets by key. Thread-safe.
 *
 * @since 0.1
 */
public interface RateLimiter {

  /** Takes one permit; answers how long to wait if there is none, empty if it was taken. */
  Optional<Duration> tryAcquire(String key, Rate rate);

  /** How long to wait for a permit, without taking one; empty if there is one now. */
  Optional<Duration> peek(String key, Rate rate);

  /** Gives back a permit that was taken and not used. */
  void release(String key, Rate rate);
}
