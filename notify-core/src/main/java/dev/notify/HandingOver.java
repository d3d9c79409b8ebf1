package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Delivery;
import dev.notify.model.Lane;
import dev.notify.spi.NotificationStore.Submission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells of notifications that were stored together and are in nobody's hands. */
final class HandingOver {

  private final Wiring wiring;
  private final DeliveryEngine engine;

  HandingOver(Wiring wiring, DeliveryEngine engine) {
    this.wiring = wiring;
    this.engine = engine;
  }

  /**
   * Publishes all deliveries; the engine hears of one in each lane, and finds the others beside it.
   *
   * @return how many deliveries are open
   */
  int stored(List<Submission> together) {
    int open = 0;
    Map<Lane, Delivery> first = new HashMap<>();
    for (Submission submission : together) {
      for (Delivery delivery : submission.deliveries()) {
        wiring.parts().events().publish(delivery);
        if (delivery.status().isOpen()) {
          open++;
          first.merge(delivery.lane(), delivery, (one, other) -> earlier(one, other) ? one : other);
        }
      }
    }
    first.values().forEach(engine::stored);
    return open;
  }

  private static boolean earlier(Delivery one, Delivery other) {
    return !other.due().isBefore(one.due());
  }
}
