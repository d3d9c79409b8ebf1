package dev.notify.spi;

import dev.notify.model.DeliveryEvent;

/**
 * Hears of every change of every delivery, after it is stored. Called on a thread of the engine's,
 * in order for one delivery; must be quick. What it throws is logged and changes nothing.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface DeliveryListener {

  /** Something happened to a delivery. */
  void onEvent(DeliveryEvent event);
}
