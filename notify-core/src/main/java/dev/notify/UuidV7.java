package dev.notify;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then a counter of 12
 * bits that keeps ids of one process in order (method 1 of section 6.2, which runs ahead of the
 * clock when a millisecond is full), then 62 random bits.
 */
final class UuidV7 {

  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final int COUNTER_BITS = 12;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final AtomicLong last = new AtomicLong();

  UuidV7(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  UUID next() {
    long earliest = clock.millis() << COUNTER_BITS;
    long stamp = last.accumulateAndGet(earliest, (previous, now) -> Math.max(previous + 1, now));
    long high = (stamp >>> COUNTER_BITS << 16) | VERSION | (stamp & 0xfff);
    long low = VARIANT | (random.nextLong() >>> 2);
    return new UUID(high, low);
  }
}
