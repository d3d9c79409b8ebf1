package dev.notify;

import dev.notify.model.Attempt;
import dev.notify.model.Lane;
import dev.notify.spi.MetricsListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the application's metrics throw away from the work that is counted: a delivery must
 * not be repeated because somebody could not count it.
 */
final class HarmlessMetrics implements MetricsListener {

  private static final Logger log = LoggerFactory.getLogger(HarmlessMetrics.class);

  private final MetricsListener metrics;

  HarmlessMetrics(MetricsListener metrics) {
    this.metrics = metrics;
  }

  @Override
  public void onAttempt(Lane lane, Attempt attempt) {
    tell("onAttempt", () -> metrics.onAttempt(lane, attempt));
  }

  @Override
  public void onStart(Lane lane, Duration waited) {
    tell("onStart", () -> metrics.onStart(lane, waited));
  }

  @Override
  public void onBreaker(String provider, String state) {
    tell("onBreaker", () -> metrics.onBreaker(provider, state));
  }

  @Override
  public void onMisconfigured(String provider, String cause) {
    tell("onMisconfigured", () -> metrics.onMisconfigured(provider, cause));
  }

  @Override
  public void onFenced(Lane lane) {
    tell("onFenced", () -> metrics.onFenced(lane));
  }

  @Override
  public void onHostFailure(String where) {
    tell("onHostFailure", () -> metrics.onHostFailure(where));
  }

  private void tell(String what, Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      log.warn(
          "metrics {} threw {} in {}", metrics.getClass().getName(), e.getClass().getName(), what);
      log.trace("which threw", e);
    }
  }
}
