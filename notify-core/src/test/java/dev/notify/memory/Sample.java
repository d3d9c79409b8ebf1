package dev.notify.memory;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Submissions with ids in the order in which they are made. */
final class Sample {

  static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  static final Lane SMS = new Lane(Channel.SMS, Priority.NORMAL);
  static final Lane URGENT = new Lane(Channel.SMS, Priority.CRITICAL);
  static final Lane EMAIL = new Lane(Channel.EMAIL, Priority.NORMAL);

  private long lastId;

  /** One delivery that is due at once. */
  Submission due(Lane lane) {
    return in(lane, Duration.ZERO);
  }

  /** One delivery that is due in a while. */
  Submission in(Lane lane, Duration wait) {
    return of(
        NOW,
        notification().build(),
        wait.isZero() ? DeliveryStatus.PENDING : DeliveryStatus.SCHEDULED,
        NOW.plus(wait),
        lane);
  }

  Submission of(
      Instant acceptedAt,
      Notification notification,
      DeliveryStatus status,
      Instant due,
      Lane... lanes) {
    NotificationId id = new NotificationId(new UUID(0, ++lastId));
    List<Delivery> deliveries = new ArrayList<>();
    for (Lane lane : lanes) {
      deliveries.add(
          Delivery.builder(new DeliveryId(new UUID(1, ++lastId)), id)
              .to(notification.recipientId(), Address.of(lane.channel(), "somewhere"))
              .lane(lane)
              .status(status)
              .due(due)
              .expiresAt(acceptedAt.plus(Duration.ofDays(3)))
              .createdAt(acceptedAt)
              .build());
    }
    return new Submission(id, acceptedAt, notification, List.of(), deliveries, Optional.empty());
  }

  static Notification.Builder notification() {
    return Notification.to("user-42").channels(Channel.SMS, Channel.EMAIL).body("Hello");
  }

  static Submission withKey(Submission submission, String key, Duration window) {
    return new Submission(
        submission.id(),
        submission.acceptedAt(),
        submission.notification(),
        submission.decisions(),
        submission.deliveries(),
        Optional.of(
            new KeyUse(
                key,
                submission.notification().fingerprint(),
                submission.id(),
                List.of(),
                submission.acceptedAt().plus(window))));
  }

  static Delivery only(Submission submission) {
    return submission.deliveries().get(0);
  }

  static List<DeliveryId> ids(List<Held> held) {
    return held.stream().map(one -> one.delivery().id()).toList();
  }

  static Delivery claimOne(MemoryStore store, Lane lane, Instant now) {
    return store.claim(Map.of(lane, 1), now).held().get(0).delivery();
  }

  static DeliveryEvent event(Delivery delivery, DeliveryEvent.Type type, Instant at) {
    return DeliveryEvent.of(delivery, type, at);
  }
}
