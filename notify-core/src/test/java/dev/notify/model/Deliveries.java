package dev.notify.model;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Deliveries as the tests of this room need them. */
final class Deliveries {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private Deliveries() {}

  static Delivery pending(Address address) {
    return in(DeliveryStatus.PENDING, address);
  }

  static Delivery in(DeliveryStatus status, Address address) {
    return new Delivery(
        new DeliveryId(new UUID(0, 1)),
        new NotificationId(new UUID(0, 2)),
        "user-42",
        address,
        new Lane(address.channel(), Priority.NORMAL),
        status,
        Optional.empty(),
        0,
        NOW,
        NOW.plusSeconds(3600),
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        false,
        NOW,
        NOW);
  }
}
