package dev.notify.engine;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last word on a delivery that this node holds: writes it to the store, then tells everyone. A
 * delivery that was cancelled while in flight is not taken up again.
 */
final class Settlement {

  private static final Logger log = LoggerFactory.getLogger(Settlement.class);

  private final EngineParts parts;
  private final Consumer<Instant> wakeAt;
  private final Map<DeliveryId, Cancellation> cancellations = new ConcurrentHashMap<>();

  private record Cancellation(DeliveryStatus end, Reason reason) {}

  /** A settlement that asks to be woken when a postponed delivery is due. */
  Settlement(EngineParts parts, Consumer<Instant> wakeAt) {
    this.parts = parts;
    this.wakeAt = wakeAt;
  }

  /** The provider's last call counts, and it took the message. */
  void sent(Delivery delivery, String provider, String messageId, List<Attempt> attempts) {
    apply(delivery.attempted(provider).sent(provider, messageId, now()), attempts);
  }

  void ended(Delivery delivery, DeliveryStatus end, Reason reason, List<Attempt> attempts) {
    apply(delivery.ended(end, reason, now()), attempts);
  }

  /** Tries again after a delay, unless that is too late to be of use. */
  void postponed(Delivery delivery, Duration delay, Reason reason, List<Attempt> attempts) {
    postponedUntil(delivery, DeliveryStatus.PENDING, now().plus(delay), reason, attempts);
  }

  void postponedUntil(
      Delivery delivery,
      DeliveryStatus waiting,
      Instant until,
      Reason reason,
      List<Attempt> attempts) {
    Instant now = now();
    Cancellation cancellation = cancellations.get(delivery.id());
    if (cancellation != null) {
      apply(delivery.ended(cancellation.end(), cancellation.reason(), now), attempts);
    } else if (!until.isBefore(delivery.expiresAt())) {
      Reason expired =
          new Reason(Reason.EXPIRED, "would be due again at " + until + " after " + reason);
      apply(delivery.ended(DeliveryStatus.EXPIRED, expired, now), attempts);
    } else {
      apply(delivery.postponed(waiting, until, reason, now), attempts);
    }
  }

  void unconfirmed(
      Delivery delivery, String provider, Duration delay, Reason reason, List<Attempt> attempts) {
    Instant now = now();
    apply(delivery.unconfirmed(provider, now.plus(delay), reason, now), attempts);
  }

  private void apply(Delivery next, List<Attempt> attempts) {
    if (!parts.store().update(next, attempts)) {
      parts.metrics().onFenced(next.lane());
      log.warn(
          "delivery {} was taken over by another node; its {} here is void",
          next.id(),
          next.status());
      return;
    }
    parts.events().publish(next);
    parts.outcomes().changed(next);
    if (next.status().isOpen()) {
      wakeAt.accept(next.due());
    }
  }

  /** Notes that a delivery in flight is not to be taken up again. */
  void cancelWhenPossible(Delivery delivery, DeliveryStatus end, Reason reason) {
    cancellations.put(delivery.id(), new Cancellation(end, reason));
  }

  /** Ends the delivery if it was cancelled meanwhile; answers whether it was. */
  boolean endIfCancelled(Delivery delivery) {
    Cancellation order = cancellations.get(delivery.id());
    if (order == null) {
      return false;
    }
    ended(delivery, order.end(), order.reason(), List.of());
    return true;
  }

  void released(Delivery delivery) {
    cancellations.remove(delivery.id());
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
