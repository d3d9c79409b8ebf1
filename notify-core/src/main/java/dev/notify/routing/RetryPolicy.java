package dev.notify.routing;

import dev.notify.model.ConfigurationException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again, and how often. The delay doubles with each attempt; chance
 * only ever adds to it, so that nobody comes back earlier than a provider asked.
 *
 * @param maxAttempts provider calls that may fail before the delivery is given up, at least one
 * @param firstDelay delay after the first failure
 * @param longestDelay bound of the delay before chance is added, at most 400 days
 * @param jitter largest share of the delay that chance adds, from 0 to 1
 * @param unknown what to do with an attempt whose answer was lost and cannot be found out
 * @since 0.1
 */
public record RetryPolicy(
    int maxAttempts, Duration firstDelay, Duration longestDelay, double jitter, Unknown unknown) {

  // Before the constant that is checked against it.
  private static final Duration FARTHEST = Duration.ofDays(400);

  /**
   * Twenty attempts over about three hours, from a second to a quarter of an hour apart, up to half
   * again by chance.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(20, Duration.ofSeconds(1), Duration.ofMinutes(15), 0.5, Unknown.HOLD);

  /** What to do when nobody can tell whether a provider took a message. */
  public enum Unknown {
    /**
     * Hold it as {@code UNCONFIRMED} and make it a dead letter after an hour: rather lost than
     * twice.
     */
    HOLD,
    /** Try again: rather twice than lost. */
    RETRY
  }

  /** Checks the bounds. */
  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new ConfigurationException("retry.maxAttempts: " + maxAttempts + " is less than one");
    }
    if (firstDelay.isNegative() || firstDelay.isZero() || longestDelay.compareTo(firstDelay) < 0) {
      throw new ConfigurationException(
          "retry: delays from " + firstDelay + " to " + longestDelay + " make no sense");
    }
    if (longestDelay.compareTo(FARTHEST) > 0) {
      throw new ConfigurationException(
          "retry: a delay of " + longestDelay + " is more than " + FARTHEST.toDays() + " days");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new ConfigurationException("retry.jitter: " + jitter + " is not between 0 and 1");
    }
  }

  /** The same policy with another number of attempts. */
  public RetryPolicy withMaxAttempts(int attempts) {
    return new RetryPolicy(attempts, firstDelay, longestDelay, jitter, unknown);
  }

  /** The same policy with other delays. */
  public RetryPolicy withDelays(Duration first, Duration longest) {
    return new RetryPolicy(maxAttempts, first, longest, jitter, unknown);
  }

  /** The same policy with another share of chance. */
  public RetryPolicy withJitter(double share) {
    return new RetryPolicy(maxAttempts, firstDelay, longestDelay, share, unknown);
  }

  /** The same policy with another way to treat lost answers. */
  public RetryPolicy onUnknown(Unknown treatment) {
    return new RetryPolicy(maxAttempts, firstDelay, longestDelay, jitter, treatment);
  }

  /** The delay after so many failed attempts. */
  public Duration delay(int attempts, RandomGenerator random) {
    int doublings = Math.min(Math.max(attempts - 1, 0), 30);
    Duration grown = firstDelay.multipliedBy(1L << doublings);
    Duration bounded = grown.compareTo(longestDelay) < 0 ? grown : longestDelay;
    return bounded.plusNanos((long) (bounded.toNanos() * jitter * random.nextDouble()));
  }
}
