package dev.notify.spi;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Preferences;
import dev.notify.model.Recipient;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * All that a policy may know about one delivery.
 *
 * @param notification what was asked for
 * @param category its category, with its kind
 * @param recipient the person
 * @param preferences what the person has chosen
 * @param zone the person's time zone, or the dispatcher's default
 * @param address where it would go
 * @param channels all channels of the notification that the person can be reached on, in order
 * @param stage accepted now, about to be delivered, or only asked about
 * @param at the moment in question: the due time when accepted, now at delivery
 * @param expiresAt when it is of no use any more
 * @param toBeCounted whether it goes out now if allowed and has not been counted by frequency caps
 * @param notificationId the notification's id; known at delivery
 * @since 0.1
 */
public record PolicyRequest(
    Notification notification,
    Category category,
    Recipient recipient,
    Preferences preferences,
    ZoneId zone,
    Address address,
    List<Channel> channels,
    Stage stage,
    Instant at,
    Instant expiresAt,
    boolean toBeCounted,
    Optional<NotificationId> notificationId) {

  /** When a policy is asked. */
  public enum Stage {
    /** Before it is stored. */
    ACCEPTANCE,
    /** Just before a provider is called. */
    DELIVERY,
    /** {@code explain}: nothing will come of it, so nothing may be counted. */
    EXPLANATION
  }

  /** The channel it would take. */
  public Channel channel() {
    return address.channel();
  }
}
