package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.Assignment;
import dev.notify.model.Conversion;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.spi.ExperimentStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** Notes that people came to a goal. */
final class Conversions {

  private final EngineParts parts;

  Conversions(EngineParts parts) {
    this.parts = parts;
  }

  /** By what a person did after a notification. */
  boolean of(NotificationId id, Conversion conversion) {
    Optional<NotificationRecord> record = parts.store().find(id);
    Optional<Delivery> sent =
        record.flatMap(
            known ->
                known.deliveries().stream()
                    .filter(delivery -> delivery.status().isSent())
                    .findFirst());
    if (sent.isEmpty() || record.get().events().stream().anyMatch(is(conversion))) {
      return false;
    }
    Delivery delivery = sent.get();
    Instant now = parts.clock().instant();
    // First with its amount: the event, which has none, is then no news to the experiment.
    if (ExperimentStore.isInExperiment(delivery)) {
      int ignored = convert(delivery.recipientId(), conversion, now, delivery.assignment());
    }
    Reason goal = Reason.of(conversion.goal());
    return parts.tracker().track(delivery, Type.CONVERTED, now, Optional.of(goal)).isPresent();
  }

  private int convert(
      String recipientId, Conversion conversion, Instant now, Optional<Assignment> by) {
    return parts
        .store()
        .experiments()
        .map(store -> store.convert(recipientId, conversion.goal(), conversion.amount(), now, by))
        .orElse(0);
  }

  private static Predicate<DeliveryEvent> is(Conversion conversion) {
    return event ->
        event.type() == Type.CONVERTED
            && event.reason().map(Reason::code).equals(Optional.of(conversion.goal()));
  }

  /** By what a person did, whatever brought them to it. */
  boolean of(String recipientId, Conversion conversion) {
    return convert(recipientId, conversion, parts.clock().instant(), Optional.empty()) > 0;
  }
}
