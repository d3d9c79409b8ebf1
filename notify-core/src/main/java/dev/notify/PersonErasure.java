package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Erased;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.PreferenceStore;
import java.util.ArrayList;
import java.util.List;

/** Ends what is open for a person, so that everyone hears of it, and then has the store forget. */
final class PersonErasure {

  private static final Reason FORGOTTEN = Reason.of(Reason.FORGOTTEN);

  private final NotificationStore store;
  private final OpenHoursStore openHours;
  private final PreferenceStore preferences;
  private final DeliveryEngine engine;

  PersonErasure(Wiring wiring, PreferenceStore preferences, DeliveryEngine engine) {
    store = wiring.parts().store();
    openHours = wiring.openHours();
    this.preferences = preferences;
    this.engine = engine;
  }

  Erasure forget(String recipientId) {
    if (recipientId.isBlank() || recipientId.equals(NotificationRecord.ERASED.recipientId())) {
      throw new InvalidNotificationException("recipient", "'" + recipientId + "' is nobody");
    }
    // First of all, or they would send again.
    long schedules = store.schedules().map(kept -> kept.forget(recipientId)).orElse(0L);
    List<DeliveryId> cancelled = new ArrayList<>();
    List<DeliveryId> inFlight = new ArrayList<>();
    for (Delivery delivery : store.openOf(recipientId)) {
      // It may have arrived, so it cannot be called off; but nobody will look for it any more.
      boolean inDoubt = delivery.status() == DeliveryStatus.UNCONFIRMED;
      DeliveryStatus end = inDoubt ? DeliveryStatus.DEAD : DeliveryStatus.CANCELLED;
      DeliveryStatus after = engine.end(delivery, end, FORGOTTEN).status();
      if (after == DeliveryStatus.CANCELLED) {
        cancelled.add(delivery.id());
      } else if (after.isOpen()) {
        inFlight.add(delivery.id());
      }
    }
    Erased erased = store.forget(recipientId);
    return new Erasure(
        erased.notifications(),
        erased.deliveries(),
        erased.details(),
        cancelled,
        inFlight,
        preferences.forget(recipientId),
        store.experiments().map(kept -> kept.forget(recipientId)).orElse(0L),
        erased.recipient(),
        erased.keyDestroyed(),
        schedules,
        openHours.forget(recipientId));
  }
}
