package dev.notify.routing;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Turns what was decided into deliveries, one for each channel and address.
 *
 * @since 0.1
 */
public final class Planner {

  private final Supplier<DeliveryId> ids;
  private final Predicate<Lane> reserve;

  /**
   * A planner that takes ids from here.
   *
   * @param reserve keeps a place in this node's lane for a delivery that is due, if one is free
   */
  public Planner(Supplier<DeliveryId> ids, Predicate<Lane> reserve) {
    this.ids = ids;
    this.reserve = reserve;
  }

  /**
   * When and until when a notification is to be delivered.
   *
   * @param now the moment it is accepted
   * @param due the moment it is due
   * @param expiresAt the moment it is of no use any more
   */
  public record Timing(Instant now, Instant due, Instant expiresAt) {}

  /**
   * The deliveries of a notification: those to be made, and those suppressed, with their reason.
   * Those that are due and find a place in their lane are born in this node's hands.
   *
   * @param labels what they are counted under
   */
  public List<Delivery> plan(
      NotificationId id,
      Notification notification,
      Labels labels,
      List<ChannelDecision> decisions,
      Timing timing) {
    List<Delivery> deliveries = new ArrayList<>(decisions.size());
    for (ChannelDecision decided : decisions) {
      if (decided.address().isPresent()) {
        deliveries.add(
            delivery(id, notification, labels, decided, decided.address().get(), timing));
      }
    }
    return deliveries;
  }

  /**
   * How long after the due time a channel's turn comes; zero but for later steps of an escalation.
   */
  public static Duration delayOf(Routing routing, Channel channel) {
    if (routing instanceof Routing.Escalate escalation) {
      for (Routing.Step step : escalation.steps()) {
        if (step.channel().equals(channel)) {
          return step.after();
        }
      }
    }
    return Duration.ZERO;
  }

  private Delivery delivery(
      NotificationId id,
      Notification notification,
      Labels labels,
      ChannelDecision decided,
      Address address,
      Timing timing) {
    Duration delay = delayOf(notification.routing(), decided.channel());
    Instant turn = delay.isZero() ? timing.due() : timing.due().plus(delay);
    Instant due = turn;
    DeliveryStatus status =
        turn.isAfter(timing.now()) ? DeliveryStatus.SCHEDULED : DeliveryStatus.PENDING;
    Optional<Reason> reason =
        status == DeliveryStatus.SCHEDULED
            ? Optional.of(Reason.of(Reason.SCHEDULED))
            : Optional.empty();
    if (decided.decision() instanceof Decision.Defer defer) {
      due = defer.until();
      status = DeliveryStatus.SCHEDULED;
      reason = Optional.of(defer.reason());
    } else if (decided.decision() instanceof Decision.Suppress suppress) {
      status = suppressedStatus(suppress.reason());
      reason = Optional.of(suppress.reason());
    }
    Lane lane = new Lane(decided.channel(), notification.priority());
    boolean pending = status == DeliveryStatus.PENDING;
    boolean claimed = pending && reserve.test(lane);
    return Delivery.builder(ids.get(), id)
        .to(notification.recipientId(), address)
        .lane(lane)
        .status(claimed ? DeliveryStatus.SENDING : status)
        .reason(reason)
        .due(due)
        .expiresAt(timing.expiresAt())
        .lease(claimed ? 1 : 0)
        .counted(pending)
        .onlyIfUnseen(!delay.isZero())
        .createdAt(timing.now())
        .assignment(notification.assignment())
        .labels(labels)
        .build();
  }

  /** What a suppressed delivery ends as: being too late has a status of its own. */
  public static DeliveryStatus suppressedStatus(Reason reason) {
    return reason.code().equals(Reason.EXPIRED)
        ? DeliveryStatus.EXPIRED
        : DeliveryStatus.SUPPRESSED;
  }
}
