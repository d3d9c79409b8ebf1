package dev.notify.spi;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import java.time.Instant;
import java.util.Map;

/**
 * A rendered message on its way to one address. {@code toString} shows ids only.
 *
 * @param deliveryId the delivery
 * @param notificationId the notification
 * @param recipientId the person
 * @param address where it goes
 * @param content what it says
 * @param category what it is about, with its kind
 * @param priority how urgent it is
 * @param createdAt when it was accepted
 * @param expiresAt when it is of no use any more; passed on to vendors that can drop it
 * @param metadata the application's own notes
 * @since 0.1
 */
public record OutboundMessage(
    DeliveryId deliveryId,
    NotificationId notificationId,
    String recipientId,
    Address address,
    Content content,
    Category category,
    Priority priority,
    Instant createdAt,
    Instant expiresAt,
    Map<String, String> metadata) {

  /**
   * Stays the same over all attempts of the delivery: the key for a vendor's idempotency or
   * look-up.
   */
  public String reference() {
    return deliveryId.toString();
  }

  /** The same message with other content. */
  public OutboundMessage withContent(Content other) {
    return new OutboundMessage(
        deliveryId,
        notificationId,
        recipientId,
        address,
        other,
        category,
        priority,
        createdAt,
        expiresAt,
        metadata);
  }

  /** The same message for another address. */
  public OutboundMessage redirectedTo(Address other) {
    return new OutboundMessage(
        deliveryId,
        notificationId,
        recipientId,
        other,
        content,
        category,
        priority,
        createdAt,
        expiresAt,
        metadata);
  }

  @Override
  public String toString() {
    return "OutboundMessage[" + deliveryId + ", " + address.channel() + "]";
  }
}
