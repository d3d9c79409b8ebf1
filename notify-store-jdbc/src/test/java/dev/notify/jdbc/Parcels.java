package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Doubt;
import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.NotificationStore.Submission;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Messages that are ready to be written. */
final class Parcels {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final AtomicLong LAST = new AtomicLong();

  private Parcels() {}

  /** A message for each number, with as many open deliveries. */
  static List<Parcel> withDeliveries(List<Integer> counts) {
    return counts.stream().map(Parcels::withDeliveries).toList();
  }

  /** Writes them, unless somebody in doubt is known, and answers whether it did. */
  static boolean write(StoreParts store, List<Parcel> parcels, Doubt doubt) {
    return store.transactions.runAlone(
        connection ->
            store.acceptance.writeUnlessKnown(connection, parcels, OptionalLong.empty(), doubt));
  }

  private static Parcel withDeliveries(int count) {
    NotificationId id = new NotificationId(new UUID(1, LAST.incrementAndGet()));
    Notification notification =
        Notification.to("jane").body("Hello").channels(Channel.EMAIL).build();
    List<Delivery> deliveries = IntStream.range(0, count).mapToObj(i -> delivery(id)).toList();
    return new Parcel(
        new Submission(id, NOW, notification, List.of(), deliveries, Optional.empty()),
        "body".getBytes(StandardCharsets.UTF_8));
  }

  private static Delivery delivery(NotificationId id) {
    return Delivery.builder(new DeliveryId(new UUID(2, LAST.incrementAndGet())), id)
        .to("jane", Address.email("jane@example.com"))
        .lane(new Lane(Channel.EMAIL, Priority.NORMAL))
        .status(DeliveryStatus.PENDING)
        .due(NOW)
        .expiresAt(NOW.plusSeconds(60))
        .createdAt(NOW)
        .build();
  }
}
