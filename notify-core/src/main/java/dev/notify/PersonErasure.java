package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.AuditEntry;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Erased;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.SuppressionList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Ends what is open for a person, so that everyone hears of it, and then has the store forget. */
final class PersonErasure {

  private static final Reason FORGOTTEN = Reason.of(Reason.FORGOTTEN);

  private final NotificationStore store;
  private final OpenHoursStore openHours;
  private final PreferenceStore preferences;
  private final DeliveryEngine engine;
  private final Wiring wiring;
  private final SuppressionList suppressions;

  PersonErasure(
      Wiring wiring,
      PreferenceStore preferences,
      SuppressionList suppressions,
      DeliveryEngine engine) {
    this.wiring = wiring;
    this.suppressions = suppressions;
    store = wiring.parts().store();
    openHours = wiring.openHours();
    this.preferences = preferences;
    this.engine = engine;
  }

  Erasure forget(String recipientId) {
    String ignored = PersonFile.requireSomebody(recipientId);
    PersonFile file = new PersonFile(recipientId, wiring, preferences, suppressions);
    Set<String> inboxes = file.inboxes();
    // If this process dies in the midst of it, the log must not be silent.
    AuditEntry begun =
        wiring.audit().note("person.erasure-begun", wiring.audit().person(recipientId), Map.of());
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
    long items =
        store.inboxes().map(kept -> inboxes.stream().mapToLong(kept::forget).sum()).orElse(0L);
    Erased erased = store.forget(recipientId);
    long choices = preferences.forget(recipientId);
    long experiments = store.experiments().map(kept -> kept.forget(recipientId)).orElse(0L);
    boolean hadHours = openHours.forget(recipientId);
    boolean wasKnown = erased.recipient() | deleteElsewhere(recipientId);
    Map<String, Object> removed = new HashMap<>();
    removed.put("notifications", erased.notifications());
    removed.put("deliveries", erased.deliveries());
    removed.put("details", erased.details());
    removed.put("choices", choices);
    removed.put("schedules", schedules);
    removed.put("experiments", experiments);
    removed.put("inbox", items);
    removed.put("recipient", wasKnown);
    removed.put("openHours", hadHours);
    removed.put("keyDestroyed", erased.keyDestroyed());
    return new Erasure(
        erased.notifications(),
        erased.deliveries(),
        erased.details(),
        cancelled,
        inFlight,
        choices,
        experiments,
        items,
        wasKnown,
        erased.keyDestroyed(),
        schedules,
        hadHours,
        proof(recipientId, removed, file));
  }

  /** A store of people that the application has given is not the one that has just forgotten. */
  private boolean deleteElsewhere(String recipientId) {
    return wiring
        .people()
        .filter(people -> !store.recipients().equals(Optional.of(people)))
        .map(people -> people.delete(recipientId))
        .orElse(false);
  }

  /** Counted after it was done: what is left is found by whoever looks, not by who erased it. */
  private AuditEntry proof(String recipientId, Map<String, Object> removed, PersonFile file) {
    Map<String, Object> details = new HashMap<>();
    removed.forEach((kind, count) -> details.put("removed." + kind, count));
    file.counts().forEach((kind, count) -> details.put("left." + kind, count));
    AuditLog audit = wiring.audit();
    return audit.note("person.erased", audit.person(recipientId), details);
  }
}
