package dev.notify.engine;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Makes jobs at their beginning, each with an id of its own. */
final class Jobs {

  private int made;

  Job of(Priority priority) {
    Delivery delivery =
        Delivery.builder(new DeliveryId(new UUID(0, ++made)), new NotificationId(new UUID(0, made)))
            .to("jane", Address.email("jane@example.com"))
            .lane(new Lane(Channel.EMAIL, priority))
            .status(DeliveryStatus.SENDING)
            .expiresAt(Instant.MAX)
            .lease(1)
            .createdAt(Instant.EPOCH)
            .build();
    Notification hello =
        Notification.to("jane").title("Hello").body("Hi").channels(Channel.EMAIL).build();
    return new Job(delivery, hello, Optional.empty(), Optional.empty());
  }
}
