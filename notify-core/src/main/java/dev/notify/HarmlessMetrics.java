package dev.notify;

import dev.notify.model.Attempt;
import dev.notify.model.Lane;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the application's metrics throw away from the work that is counted: a delivery must
 * not be repeated because somebody could not count it.
 */
final class HarmlessMetrics implements MetricsListener {

  private static final Logger log = LoggerFactory.getLogger(HarmlessMetrics.class);

  private final List<MetricsListener> listeners;

  HarmlessMetrics(MetricsListener metrics) {
    listeners = new CopyOnWriteArrayList<>(List.of(metrics));
  }

  Subscription add(MetricsListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void onAttempt(Lane lane, Attempt attempt) {
    tell("onAttempt", metrics -> metrics.onAttempt(lane, attempt));
  }

  @Override
  public void onStart(Lane lane, Duration waited) {
    tell("onStart", metrics -> metrics.onStart(lane, waited));
  }

  @Override
  public void onBreaker(String provider, String state) {
    tell("onBreaker", metrics -> metrics.onBreaker(provider, state));
  }

  @Override
  public void onMisconfigured(String provider, String cause) {
    tell("onMisconfigured", metrics -> metrics.onMisconfigured(provider, cause));
  }

  @Override
  public void onFenced(Lane lane) {
    tell("onFenced", metrics -> metrics.onFenced(lane));
  }

  @Override
  public void onHostFailure(String where) {
    tell("onHostFailure", metrics -> metrics.onHostFailure(where));
  }

  private void tell(String what, Consumer<MetricsListener> news) {
    for (MetricsListener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        log.warn(
            "metrics {} threw {} in {}",
            listener.getClass().getName(),
            e.getClass().getName(),
            what);
        log.trace("which threw", e);
      }
    }
  }
}
