package dev.notify.spi;

import dev.notify.model.Attempt;
import dev.notify.model.Lane;
import java.time.Duration;

/**
 * What a metrics library wants to count and time. All methods do nothing unless overridden; they
 * are called on hot paths and must be quick and thread-safe. Names and tags are free of personal
 * data.
 *
 * @since 0.1
 */
public interface MetricsListener {

  /** A provider was called. */
  default void onAttempt(Lane lane, Attempt attempt) {}

  /** A delivery began its first attempt this long after it was due. */
  default void onStart(Lane lane, Duration waited) {}

  /** A provider's circuit breaker changed to {@code closed}, {@code open} or {@code half-open}. */
  default void onBreaker(String provider, String state) {}

  /** A provider reported that its account or credentials are at fault: someone should look. */
  default void onMisconfigured(String provider, String cause) {}

  /** A change was refused because another node had taken the delivery over. */
  default void onFenced(Lane lane) {}

  /** A listener, directory or policy of the application threw. */
  default void onHostFailure(String where) {}
}
