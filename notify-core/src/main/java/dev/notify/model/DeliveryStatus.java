package dev.notify.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a delivery stands. {@link #canBecome} holds the only transitions there are; engagement
 * (opened, clicked, read) is recorded as {@link DeliveryEvent}s beside the status, never as one.
 *
 * @since 0.1
 */
public enum DeliveryStatus {
  /** Due later. */
  SCHEDULED,
  /** Due, waiting for its turn. */
  PENDING,
  /** In the hands of a node. */
  SENDING,
  /** Taken by a provider. */
  SENT,
  /** Confirmed by the provider. */
  DELIVERED,
  /** The address does not exist, says the provider. */
  BOUNCED,
  /** The provider gave up. */
  UNDELIVERED,
  /** The request left and no answer came: neither sent nor failed. */
  UNCONFIRMED,
  /** Given up: a dead letter. */
  DEAD,
  /** A policy said no. */
  SUPPRESSED,
  /** Called off. */
  CANCELLED,
  /** Too late to be of use; never sent. */
  EXPIRED,
  /** Said as part of a digest, which is a notification of its own; the reason names it. */
  DIGESTED;

  private static final Set<DeliveryStatus> CALLED_OFF = EnumSet.of(SUPPRESSED, CANCELLED, EXPIRED);

  /** Whether a delivery may go from this status to that one. */
  public boolean canBecome(DeliveryStatus next) {
    return switch (this) {
      case SCHEDULED ->
          next == SCHEDULED
              || next == PENDING
              || next == SENDING
              || next == DIGESTED
              || CALLED_OFF.contains(next);
      case PENDING ->
          next == PENDING || next == SCHEDULED || next == SENDING || CALLED_OFF.contains(next);
      case SENDING ->
          next == SENT
              || next == PENDING
              || next == SCHEDULED
              || next == UNCONFIRMED
              || next == DEAD
              || CALLED_OFF.contains(next);
      case UNCONFIRMED ->
          next == SENDING || next == SENT || next == PENDING || next == DEAD || next.isConfirmed();
      case SENT -> next.isConfirmed();
      case DELIVERED, BOUNCED, UNDELIVERED, DEAD, SUPPRESSED, CANCELLED, EXPIRED, DIGESTED -> false;
    };
  }

  /** Whether the engine still has work with it. */
  public boolean isOpen() {
    return this == SCHEDULED || this == PENDING || this == SENDING || this == UNCONFIRMED;
  }

  /** Whether the engine is done with it, or waits for the provider's word only. */
  public boolean isSettled() {
    return !isOpen() || this == UNCONFIRMED;
  }

  /** Whether a provider took it. */
  public boolean isSent() {
    return this == SENT || isConfirmed();
  }

  private boolean isConfirmed() {
    return this == DELIVERED || this == BOUNCED || this == UNDELIVERED;
  }
}
