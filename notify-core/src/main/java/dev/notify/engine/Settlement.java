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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
  private final Tellings tellings;

  /** Changes that the store has not written yet, or nobody was told of. */
  private final AtomicInteger unwritten = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allWritten = lock.newCondition();

  private record Cancellation(DeliveryStatus end, Reason reason) {}

  /** A settlement that asks to be woken when a postponed delivery is due. */
  Settlement(EngineParts parts, Consumer<Instant> wakeAt) {
    this.parts = parts;
    this.wakeAt = wakeAt;
    tellings = new Tellings(parts.executor());
  }

  /** The provider's last call counts, and it took the message. */
  void sent(Delivery delivery, String provider, String messageId, List<Attempt> attempts) {
    apply(delivery.attempted(provider).sent(provider, messageId, now()), attempts);
  }

  void ended(Delivery delivery, DeliveryStatus end, Reason reason, List<Attempt> attempts) {
    apply(delivery.ended(end, reason, now()), attempts);
  }

  /** Ends what nobody has begun to send, and comes back when that is written; not before. */
  boolean endedForSure(Delivery delivery, DeliveryStatus end, Reason reason) {
    Delivery next = delivery.ended(end, reason, now());
    boolean took = parts.store().update(next, List.of());
    if (took) {
      taken(next);
    }
    return took;
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
    CompletableFuture<Boolean> answer =
        parts.store().updateSoon(next, attempts).toCompletableFuture();
    if (answer.isDone()) {
      written(next, answer);
      return;
    }
    unwritten.incrementAndGet();
    answer.whenComplete(
        (taken, fault) ->
            tellings.soon(
                next.id(),
                () -> {
                  try {
                    written(next, answer);
                  } finally {
                    oneLessUnwritten();
                  }
                }));
  }

  private void oneLessUnwritten() {
    if (unwritten.decrementAndGet() == 0) {
      lock.lock();
      try {
        allWritten.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void written(Delivery next, CompletableFuture<Boolean> answer) {
    try {
      if (answer.join()) {
        taken(next);
      } else {
        cancellations.remove(next.id());
        parts.metrics().onFenced(next.lane());
        log.warn(
            "delivery {} was taken over by another node; its {} here is void",
            next.id(),
            next.status());
      }
    } catch (RuntimeException e) {
      // What a store says may quote what it was to write.
      log.error(
          "delivery {} could not be written down as {}, its lease will end: {}",
          next.id(),
          next.status(),
          e.getClass().getName());
      log.trace("which threw", e);
    }
  }

  private void taken(Delivery next) {
    Cancellation order = cancellations.get(next.id());
    Delivery now = order == null || !next.status().isOpen() ? next : carryOut(order, next);
    boolean isOrderOurs = withdraw(next);
    if (order != null && now.status() == order.end() && !isOrderOurs) {
      return; // who gave the order has carried it out, and told of it
    }
    parts.events().publish(now);
    parts.outcomes().changed(now);
    if (now.status().isOpen()) {
      wakeAt.accept(now.due());
    }
  }

  /** It is to wait again: then an order that came while it was in flight can be carried out. */
  private Delivery carryOut(Cancellation order, Delivery next) {
    return parts.store().cancel(next, order.end(), order.reason(), now()).orElse(next);
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

  /** Takes the order back; answers {@code false} if it has been carried out, and told of. */
  boolean withdraw(Delivery delivery) {
    return cancellations.remove(delivery.id()) != null;
  }

  /** Tells of some of what was written meanwhile. */
  void tellSome() {
    if (!tellings.isEmpty()) {
      tellings.some();
    }
  }

  /** Tells what is still to be told about a delivery that something new happens to. */
  void tellBefore(Delivery delivery) {
    tellings.about(delivery.id());
  }

  /** Waits until everything is written and told, at most so long; answers whether it is. */
  boolean awaitWritten(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (unwritten.get() > 0 && left > 0) {
        left = allWritten.awaitNanos(left);
      }
      return unwritten.get() == 0;
    } finally {
      lock.unlock();
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
