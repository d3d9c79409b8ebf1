package dev.notify.model;

import java.time.Duration;

/**
 * So many in such a time.
 *
 * @param count how many, at least one
 * @param period in which time
 * @since 0.1
 */
public record Rate(long count, Duration period) {

  private static final Duration LONGEST = Duration.ofDays(400);

  /** Checks that both are positive, the period at most 400 days and the rate 1 per nanosecond. */
  public Rate {
    if (count < 1 || period.isNegative() || period.isZero()) {
      throw new ConfigurationException("rate: " + count + " per " + period + " is not positive");
    }
    if (period.compareTo(LONGEST) > 0 || count > period.toNanos()) {
      throw new ConfigurationException(
          "rate: "
              + count
              + " per "
              + period
              + " is out of bounds: at most 1 per nanosecond, in at most 400 days");
    }
  }

  /** So many a second. */
  public static Rate perSecond(long count) {
    return new Rate(count, Duration.ofSeconds(1));
  }

  /** So many an hour. */
  public static Rate perHour(long count) {
    return new Rate(count, Duration.ofHours(1));
  }

  /** So many a day. */
  public static Rate perDay(long count) {
    return new Rate(count, Duration.ofDays(1));
  }

  @Override
  public String toString() {
    return count + " per " + period;
  }
}
