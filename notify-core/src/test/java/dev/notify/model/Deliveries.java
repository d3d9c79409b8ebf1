package dev.notify.model;

import java.time.Instant;
import java.util.UUID;

/** Deliveries as the tests of this room need them. */
final class Deliveries {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private Deliveries() {}

  static Delivery pending(Address address) {
    return in(DeliveryStatus.PENDING, address);
  }

  static Delivery in(DeliveryStatus status, Address address) {
    return Delivery.builder(new DeliveryId(new UUID(0, 1)), new NotificationId(new UUID(0, 2)))
        .to("user-42", address)
        .lane(new Lane(address.channel(), Priority.NORMAL))
        .status(status)
        .expiresAt(NOW.plusSeconds(3600))
        .createdAt(NOW)
        .build();
  }
}
