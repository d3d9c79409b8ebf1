package dev.notify.model;

import java.util.List;
import java.util.Map;

/**
 * All that is known of an accepted notification.
 *
 * @param id its id
 * @param notification what was asked for
 * @param decisions what was decided when it was accepted
 * @param deliveries its deliveries as they stand
 * @param attempts provider calls, by delivery, oldest first
 * @param events what providers and people told of it, oldest first
 * @since 0.1
 */
public record NotificationRecord(
    NotificationId id,
    Notification notification,
    List<ChannelDecision> decisions,
    List<Delivery> deliveries,
    Map<DeliveryId, List<Attempt>> attempts,
    List<DeliveryEvent> events) {

  /**
   * Stands for the notification of a person who was forgotten: what is left is how its deliveries
   * ended.
   */
  public static final Notification ERASED =
      Notification.to("(erased)").body("(erased)").channels(Channel.of("erased")).build();

  /** Takes copies. */
  public NotificationRecord {
    decisions = List.copyOf(decisions);
    deliveries = List.copyOf(deliveries);
    attempts = Map.copyOf(attempts);
    events = List.copyOf(events);
  }

  /** Whether the person it was for was forgotten, and what it said with them. */
  public boolean isErased() {
    return notification.recipientId().equals(ERASED.recipientId());
  }

  /** Whether no delivery of it is open, or waits for anything but a provider's late word. */
  public boolean isSettled() {
    return deliveries.stream().allMatch(delivery -> delivery.status().isSettled());
  }

  /** Whether somebody has surely seen it on any channel. */
  public boolean wasSeen() {
    return deliveries.stream().anyMatch(delivery -> delivery.status() == DeliveryStatus.DELIVERED)
        || events.stream().anyMatch(DeliveryEvent::showsItWasSeen);
  }

  /** The attempts of one delivery, oldest first. */
  public List<Attempt> attempts(DeliveryId delivery) {
    return attempts.getOrDefault(delivery, List.of());
  }
}
