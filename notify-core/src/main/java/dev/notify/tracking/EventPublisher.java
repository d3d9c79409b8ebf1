package dev.notify.tracking;

import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happened; one that throws harms neither the delivery nor the other
 * listeners.
 */
public final class EventPublisher {

  private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

  private final List<DeliveryListener> listeners;
  private final MetricsListener metrics;

  /** A publisher to these listeners. */
  public EventPublisher(List<DeliveryListener> listeners, MetricsListener metrics) {
    this.listeners = new CopyOnWriteArrayList<>(listeners);
    this.metrics = metrics;
  }

  /** Tells one more listener of what happens from now on. */
  public Subscription add(DeliveryListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Tells of the status a delivery has come to. */
  public void publish(Delivery delivery) {
    if (log.isDebugEnabled()) {
      log.debug(
          "delivery {} {} {}",
          delivery.id(),
          delivery.status(),
          delivery.reason().map(Object::toString).orElse(""));
    }
    if (!listeners.isEmpty()) {
      tell(DeliveryEvent.of(delivery));
    }
  }

  /** Tells of something else that happened to a delivery. */
  public void publish(Delivery delivery, Type type, Instant at) {
    if (!listeners.isEmpty()) {
      tell(DeliveryEvent.of(delivery, type, at));
    }
  }

  /** Tells of an event as it is. */
  public void publish(DeliveryEvent event) {
    tell(event);
  }

  private void tell(DeliveryEvent event) {
    for (DeliveryListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (RuntimeException | LinkageError | AssertionError e) {
        metrics.onHostFailure("listener");
        log.warn(
            "listener {} threw {} on {} of delivery {}",
            listener.getClass().getName(),
            e.getClass().getName(),
            event.type(),
            event.deliveryId());
        log.trace("which threw", e);
      }
    }
  }
}
