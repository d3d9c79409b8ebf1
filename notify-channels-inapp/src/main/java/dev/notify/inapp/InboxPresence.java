package dev.notify.inapp;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Decision;
import dev.notify.model.InboxItem;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Duration;
import java.util.List;

/**
 * Spares people who have the application open a push for what they see there anyway. If a
 * notification goes to push and in-app at once and the person has an inbox open, on any node, the
 * push waits for a while; if the item was seen by then, in whatever way, it is left out.
 *
 * <pre>{@code
 * NotificationDispatcher.builder().provider(inApp).provider(fcm)
 *     .policy(InboxPresence.of(inApp.inbox()))
 * }</pre>
 *
 * <p>What is {@code CRITICAL} does not wait, and neither does what is routed to the first of
 * several channels or escalated, which has an order of its own. Thread-safe.
 *
 * @since 0.1
 */
public final class InboxPresence implements DeliveryPolicy {

  /** For how long a push waits unless told otherwise. */
  public static final Duration GRACE = Duration.ofSeconds(30);

  /** Code of the reason why a push waits: the person has an inbox open. */
  public static final String ONLINE = "ONLINE";

  /** Code of the reason why a push is left out: the item was seen in the inbox. */
  public static final String SEEN_IN_APP = "SEEN_IN_APP";

  private final Inbox inbox;
  private final Duration grace;

  private InboxPresence(Inbox inbox, Duration grace) {
    this.inbox = inbox;
    this.grace = grace;
  }

  /** The policy, for these inboxes. */
  public static InboxPresence of(Inbox inbox) {
    return of(inbox, GRACE);
  }

  /**
   * The policy, for these inboxes.
   *
   * @param grace for how long a push waits to see whether it is needed
   */
  public static InboxPresence of(Inbox inbox, Duration grace) {
    return new InboxPresence(inbox, Inbox.requirePositive("grace", grace));
  }

  @Override
  public Decision decide(PolicyRequest request) {
    if (!request.channel().equals(Channel.PUSH)
        || !request.channels().contains(Channel.IN_APP)
        || !(request.notification().routing() instanceof Routing.All)
        || request.notification().priority() == Priority.CRITICAL) {
      return Decision.ALLOW;
    }
    List<String> users =
        request.recipient().addresses().stream()
            .filter(address -> address.channel().equals(Channel.IN_APP))
            .map(Address::value)
            .toList();
    return request.stage() == Stage.DELIVERY
        ? atDelivery(request, users)
        : atAcceptance(request, users);
  }

  private Decision atAcceptance(PolicyRequest request, List<String> users) {
    // Who will have the inbox open at a later time, nobody knows.
    boolean isLater = request.at().isAfter(inbox.now());
    return !isLater && users.stream().anyMatch(inbox::isPresent)
        ? Decision.defer(
            request.at().plus(grace), new Reason(ONLINE, "the inbox is open; may be seen there"))
        : Decision.ALLOW;
  }

  private Decision atDelivery(PolicyRequest request, List<String> users) {
    return request.notificationId().filter(id -> wasSeen(id, users)).isPresent()
        ? Decision.suppress(new Reason(SEEN_IN_APP, "seen in the inbox"))
        : Decision.ALLOW;
  }

  private boolean wasSeen(NotificationId id, List<String> users) {
    return users.stream()
        .anyMatch(user -> inbox.findOf(user, id).filter(InboxItem::isSeen).isPresent());
  }

  @Override
  public String toString() {
    return "InboxPresence[" + grace + "]";
  }
}
