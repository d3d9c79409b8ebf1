package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a delivery: a change of status, or a sign of engagement. Ids only, so
 * it may be logged.
 *
 * @param notificationId the notification
 * @param deliveryId the delivery
 * @param recipientId the person
 * @param lane channel and priority
 * @param type what happened
 * @param at when
 * @param provider who was asked or who told, where there is one
 * @param reason why, where that needs saying
 * @param assignment the experiment that the delivery is part of and the variant it has, if it is
 * @since 0.1
 */
public record DeliveryEvent(
    NotificationId notificationId,
    DeliveryId deliveryId,
    String recipientId,
    Lane lane,
    Type type,
    Instant at,
    Optional<String> provider,
    Optional<Reason> reason,
    Optional<Assignment> assignment) {

  /** An event of a delivery that is part of no experiment. */
  public DeliveryEvent(
      NotificationId notificationId,
      DeliveryId deliveryId,
      String recipientId,
      Lane lane,
      Type type,
      Instant at,
      Optional<String> provider,
      Optional<Reason> reason) {
    this(
        notificationId,
        deliveryId,
        recipientId,
        lane,
        type,
        at,
        provider,
        reason,
        Optional.empty());
  }

  /** What can happen to a delivery. */
  public enum Type {
    /** Accepted for later, or put off. */
    SCHEDULED(DeliveryStatus.SCHEDULED),
    /** Accepted, or waiting for a retry. */
    PENDING(DeliveryStatus.PENDING),
    /** An attempt begins. */
    SENDING(DeliveryStatus.SENDING),
    /** Taken by a provider. */
    SENT(DeliveryStatus.SENT),
    /** Confirmed. */
    DELIVERED(DeliveryStatus.DELIVERED),
    /** The address does not exist. */
    BOUNCED(DeliveryStatus.BOUNCED),
    /** The provider gave up. */
    UNDELIVERED(DeliveryStatus.UNDELIVERED),
    /** Neither sent nor failed. */
    UNCONFIRMED(DeliveryStatus.UNCONFIRMED),
    /** Given up. */
    DEAD(DeliveryStatus.DEAD),
    /** A policy said no. */
    SUPPRESSED(DeliveryStatus.SUPPRESSED),
    /** Called off. */
    CANCELLED(DeliveryStatus.CANCELLED),
    /** Too late. */
    EXPIRED(DeliveryStatus.EXPIRED),
    /** Said as part of a digest. */
    DIGESTED(DeliveryStatus.DIGESTED),
    /** The person opened it. */
    OPENED,
    /** The person followed a link in it. */
    CLICKED,
    /** The person read it in the application. */
    READ,
    /** The person reported it as spam. */
    COMPLAINED,
    /** The person unsubscribed by it. */
    UNSUBSCRIBED,
    /** The person did what it was for; the code of the event's reason names the goal. */
    CONVERTED;

    private final Optional<DeliveryStatus> status;

    Type() {
      this.status = Optional.empty();
    }

    Type(DeliveryStatus status) {
      this.status = Optional.of(status);
    }

    /** The status this event stands for; empty for engagement. */
    public Optional<DeliveryStatus> status() {
      return status;
    }

    /** Whether somebody has surely seen the notification. */
    public boolean showsItWasSeen() {
      return this == DELIVERED || this == OPENED || this == CLICKED || this == READ;
    }

    static Type of(DeliveryStatus status) {
      return valueOf(status.name());
    }
  }

  /**
   * Whether a program did it and not a person: a scanner that follows links, a client that fetches
   * pictures unasked. Such an event is kept, but shows nobody's interest and is not counted.
   */
  public boolean isByMachine() {
    return reason.filter(why -> why.code().equals(Reason.MACHINE)).isPresent();
  }

  /** Whether a person has surely seen the notification. */
  public boolean showsItWasSeen() {
    return type.showsItWasSeen() && !isByMachine();
  }

  /** Whether it is a sign of engagement that is counted. */
  public boolean isEngagement() {
    return type.status().isEmpty() && !isByMachine();
  }

  /** The event of a delivery having come to its present status. */
  public static DeliveryEvent of(Delivery delivery) {
    return of(delivery, Type.of(delivery.status()), delivery.updatedAt());
  }

  /** An event of a delivery, for the reason it stands where it stands. */
  public static DeliveryEvent of(Delivery delivery, Type type, Instant at) {
    return of(delivery, type, at, delivery.reason());
  }

  /** An event of a delivery, for a reason of its own or for none. */
  public static DeliveryEvent of(
      Delivery delivery, Type type, Instant at, Optional<Reason> reason) {
    return new DeliveryEvent(
        delivery.notificationId(),
        delivery.id(),
        delivery.recipientId(),
        delivery.lane(),
        type,
        at,
        delivery.provider(),
        reason,
        delivery.assignment());
  }
}
