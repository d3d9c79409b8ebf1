package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.Subject;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Cancellation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A memory store that outlives its dispatcher, as a database does. */
record Unclosed(MemoryStore store) implements NotificationStore {

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public Optional<KeyUse> findKey(String key, Instant now) {
    return store.findKey(key, now);
  }

  @Override
  public Optional<KeyUse> accept(Submission submission) {
    return store.accept(submission);
  }

  @Override
  public Claim claim(Map<Lane, Integer> room, Instant now) {
    return store.claim(room, now);
  }

  @Override
  public Optional<Delivery> update(Delivery next, List<Attempt> attempts) {
    return store.update(next, attempts);
  }

  @Override
  public Optional<Cancellation> cancel(
      Delivery delivery, DeliveryStatus end, Reason reason, Instant now) {
    return store.cancel(delivery, end, reason, now);
  }

  @Override
  public Optional<Delivery> record(DeliveryEvent event) {
    return store.record(event);
  }

  @Override
  public Optional<NotificationRecord> find(NotificationId id) {
    return store.find(id);
  }

  @Override
  public Optional<Delivery> find(DeliveryId id) {
    return store.find(id);
  }

  @Override
  public Optional<Delivery> findByProviderMessage(String provider, String providerMessageId) {
    return store.findByProviderMessage(provider, providerMessageId);
  }

  @Override
  public List<Delivery> openAbout(Subject subject) {
    return store.openAbout(subject);
  }

  @Override
  public List<Delivery> waiting(int limit) {
    return store.waiting(limit);
  }

  @Override
  public List<Delivery> deadLetters(int limit) {
    return store.deadLetters(limit);
  }

  @Override
  public Optional<Delivery> takeDeadLetter(DeliveryId id) {
    return store.takeDeadLetter(id);
  }

  @Override
  public Optional<BroadcastStore> broadcasts() {
    return store.broadcasts();
  }

  @Override
  public void close() {
    // The next dispatcher goes on with it.
  }
}
