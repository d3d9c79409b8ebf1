package dev.notify.engine;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last word on a delivery that this node holds: writes it to the store, then tells everyone.
 */
final class Settlement {

  private static final Logger log = LoggerFactory.getLogger(Settlement.class);
  private static final long BETWEEN_LOOKS = 20_000_000;

  private final EngineParts parts;
  private final Consumer<Instant> wakeAt;
  private final Tellings tellings;

  /** Changes that the store has not written yet, or nobody was told of. */
  private final AtomicInteger unwritten = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allWritten = lock.newCondition();

  /** A settlement that asks to be woken when a postponed delivery is due. */
  Settlement(EngineParts parts, Consumer<Instant> wakeAt) {
    this.parts = parts;
    this.wakeAt = wakeAt;
    tellings = new Tellings(parts.executor(), parts.clock());
    parts.tracker().tellThrough(tellings::now);
  }

  /** The provider's last call counts, and it took the message. */
  void sent(Delivery delivery, String provider, String messageId, List<Attempt> attempts) {
    apply(delivery.sent(provider, messageId, now()), attempts);
  }

  void ended(Delivery delivery, DeliveryStatus end, Reason reason, List<Attempt> attempts) {
    apply(delivery.ended(end, reason, now()), attempts);
  }

  /**
   * Ends what nobody has begun to send, and comes back when that is written; not before. Empty if
   * somebody else has it.
   */
  Optional<Delivery> endedForSure(
      Delivery delivery, DeliveryStatus end, Reason reason, List<Attempt> attempts) {
    Optional<Delivery> after = parts.store().update(delivery.ended(end, reason, now()), attempts);
    after.ifPresent(this::tell);
    return after;
  }

  /** Tries again after a delay, unless that is too late to be of use. */
  void postponed(Delivery delivery, Duration delay, Reason reason, List<Attempt> attempts) {
    postponedUntil(delivery, DeliveryStatus.PENDING, now().plus(delay), reason, attempts);
  }

  /** The dispatcher closes; whoever goes on with it may do so at once. */
  void givenBack(Delivery delivery, List<Attempt> attempts) {
    Reason closing = new Reason(Reason.SHUTDOWN, "given back while closing");
    postponed(delivery, Duration.ZERO, closing, attempts);
  }

  void postponedUntil(
      Delivery delivery,
      DeliveryStatus waiting,
      Instant until,
      Reason reason,
      List<Attempt> attempts) {
    Instant now = now();
    if (!until.isBefore(delivery.expiresAt())) {
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
    Tellings.Place place = tellings.place(next.id());
    CompletableFuture<Optional<Delivery>> answer;
    try {
      answer = parts.store().updateSoon(next, attempts).toCompletableFuture();
    } catch (RuntimeException | Error e) {
      tellings.now(place, () -> {});
      throw e;
    }
    if (answer.isDone()) {
      tellings.now(place, () -> written(next, answer));
      return;
    }
    unwritten.incrementAndGet();
    answer.whenComplete(
        (after, fault) ->
            tellings.soon(
                place,
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

  private void written(Delivery next, CompletableFuture<Optional<Delivery>> answer) {
    Optional<Delivery> after;
    try {
      after = answer.join();
    } catch (RuntimeException e) {
      // What a store says may quote what it was to write.
      log.error(
          "delivery {} could not be written down as {} and stays with this process until it closes: {}",
          next.id(),
          next.status(),
          e.getClass().getName());
      log.trace("which threw", e);
      return;
    }
    if (after.isPresent()) {
      publish(after.get());
      comeBackFor(after.get());
    } else {
      parts.metrics().onFenced(next.lane());
      log.warn(
          "delivery {} was taken over by another node; its {} here is void",
          next.id(),
          next.status());
    }
  }

  /** Tells everyone how a delivery stands now. */
  void tell(Delivery now) {
    // After its end nothing follows for which it would have to keep a place.
    if (now.status().isOpen() || tellings.isAbout(now.id())) {
      tellings.now(now.id(), () -> publish(now));
    } else {
      publish(now);
    }
    comeBackFor(now);
  }

  private void comeBackFor(Delivery now) {
    if (now.status().isOpen()) {
      wakeAt.accept(now.due());
    }
  }

  /** The same, by whoever has time. */
  void tellSoon(Delivery now) {
    tellings.soon(now.id(), () -> publish(now));
  }

  /** Tells that a provider is about to be called. */
  void tellOfCall(Delivery delivery, Instant at) {
    if (tellings.isAbout(delivery.id())) {
      tellings.now(delivery.id(), () -> publishCall(delivery, at));
    } else {
      publishCall(delivery, at);
    }
  }

  private void publishCall(Delivery delivery, Instant at) {
    parts.events().publish(delivery, DeliveryEvent.Type.SENDING, at);
  }

  private void publish(Delivery now) {
    parts.events().publish(now);
    try {
      parts.outcomes().changed(now);
    } catch (RuntimeException e) {
      // What became of it is written; who waits for it is told by the next look.
      log.debug("outcome of {} cannot be told now: {}", now.id(), e.getClass().getName());
    }
  }

  /** Tells of some of what was written meanwhile. */
  void tellSome() {
    if (!tellings.isEmpty()) {
      tellings.some();
    }
  }

  /** Waits until everything is written and told, at most so long; answers whether it is. */
  boolean awaitWritten(long nanos) throws InterruptedException {
    long deadline = parts.clock().nanoTime() + nanos;
    for (long left = nanos;
        unwritten.get() > 0 && left > 0;
        left = deadline - parts.clock().nanoTime()) {
      // The executor may have no thread left for it.
      tellings.some();
      awaitSome(Duration.ofNanos(Math.min(left, BETWEEN_LOOKS)));
    }
    return unwritten.get() == 0;
  }

  private void awaitSome(Duration longest) throws InterruptedException {
    lock.lock();
    try {
      if (unwritten.get() > 0) {
        parts.clock().await(lock, allWritten, longest);
      }
    } finally {
      lock.unlock();
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
