package dev.notify.test;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Notifications to keep, with deliveries as the dispatcher would plan them. */
final class SampleSubmissions {

  static final Lane LANE = new Lane(Channel.EMAIL, Priority.NORMAL);
  static final Address ADDRESS = Address.email("jane@example.com");

  private final AtomicLong last = new AtomicLong();

  /** Ids that grow, as those of the dispatcher do. */
  private UUID nextId() {
    return new UUID(0x019cadc69a807000L, 0x8000000000000000L | last.incrementAndGet());
  }

  static Notification.Builder notification() {
    return Notification.to("jane").title("Hello").body("How are you?").channels(Channel.EMAIL);
  }

  /** One delivery, due at once. */
  Submission due(Instant now) {
    return of(notification().build(), now, DeliveryStatus.PENDING, now, Optional.empty());
  }

  /** One delivery, due later. */
  Submission later(Instant now, Duration after) {
    return of(
        notification().build(), now, DeliveryStatus.SCHEDULED, now.plus(after), Optional.empty());
  }

  /** One delivery, born in the hands of this node. */
  Submission born(Instant now) {
    Submission pending = due(now);
    return with(pending, delivery -> delivery.claimed(now));
  }

  /** One delivery, due at once, of this notification. */
  Submission of(Notification notification, Instant now) {
    return of(notification, now, DeliveryStatus.PENDING, now, Optional.empty());
  }

  /** One delivery, due at once, under an idempotency key. */
  Submission keyed(String key, Instant now, Duration window) {
    Notification notification = notification().idempotencyKey(key).build();
    NotificationId id = new NotificationId(nextId());
    KeyUse use = new KeyUse(key, notification.fingerprint(), id, decisions(), now.plus(window));
    return of(id, notification, now, DeliveryStatus.PENDING, now, Optional.of(use));
  }

  private Submission of(
      Notification notification,
      Instant now,
      DeliveryStatus status,
      Instant due,
      Optional<KeyUse> key) {
    return of(new NotificationId(nextId()), notification, now, status, due, key);
  }

  private Submission of(
      NotificationId id,
      Notification notification,
      Instant now,
      DeliveryStatus status,
      Instant due,
      Optional<KeyUse> key) {
    Delivery delivery =
        Delivery.builder(new DeliveryId(nextId()), id)
            .to(notification.recipientId(), ADDRESS)
            .lane(new Lane(Channel.EMAIL, notification.priority()))
            .status(status)
            .due(due)
            .expiresAt(due.plus(Duration.ofDays(3)))
            .createdAt(now)
            .build();
    return new Submission(id, now, notification, decisions(), List.of(delivery), key);
  }

  private static List<ChannelDecision> decisions() {
    return List.of(new ChannelDecision(Channel.EMAIL, Optional.of(ADDRESS), Decision.ALLOW));
  }

  static Submission with(Submission submission, UnaryOperator<Delivery> change) {
    return new Submission(
        submission.id(),
        submission.acceptedAt(),
        submission.notification(),
        submission.decisions(),
        submission.deliveries().stream().map(change).toList(),
        submission.key());
  }
}
