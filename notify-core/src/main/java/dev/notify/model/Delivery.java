package dev.notify.model;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One notification on its way to one address: a snapshot. Every change makes a new value, and only
 * the transitions of {@link DeliveryStatus} are possible.
 *
 * @param id its id; also the key that providers get to recognise a repeated attempt
 * @param notificationId the notification it belongs to
 * @param recipientId the person it is for
 * @param address where it goes
 * @param lane the queue it waits in
 * @param status where it stands
 * @param reason why it stands there, where that needs saying
 * @param attempts provider calls that counted against the limit
 * @param due when it may be sent
 * @param expiresAt when it is of no use any more
 * @param provider the provider that was asked last
 * @param providerMessageId the provider's id of the message
 * @param lease grows with each claim; a change under an old lease is refused
 * @param counted whether frequency caps have counted it
 * @param onlyIfUnseen a later step of an escalation, not needed once the notification was seen
 * @param createdAt when it was accepted
 * @param updatedAt when it last changed
 * @param broadcast the broadcast it belongs to, if it does
 * @param assignment the experiment it is part of and the variant it has, if it is
 * @param labels what it is counted under besides
 * @param cost what the provider that took it takes for it, where the application has told prices
 * @since 0.1
 */
public record Delivery(
    DeliveryId id,
    NotificationId notificationId,
    String recipientId,
    Address address,
    Lane lane,
    DeliveryStatus status,
    Optional<Reason> reason,
    int attempts,
    Instant due,
    Instant expiresAt,
    Optional<String> provider,
    Optional<String> providerMessageId,
    long lease,
    boolean counted,
    boolean onlyIfUnseen,
    Instant createdAt,
    Instant updatedAt,
    Optional<BroadcastId> broadcast,
    Optional<Assignment> assignment,
    Labels labels,
    Optional<Cost> cost) {

  /** Starts a delivery that waits for its turn, and is due when it is made. */
  public static Builder builder(DeliveryId id, NotificationId notificationId) {
    return new Builder(id, notificationId);
  }

  /** Starts a changed copy; the transitions of {@link DeliveryStatus} are not checked. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The same, as part of a broadcast. */
  public Delivery inBroadcast(BroadcastId whole) {
    return toBuilder().broadcast(Optional.of(whole)).build();
  }

  /** The same, as part of an experiment. */
  public Delivery inExperiment(Assignment given) {
    return toBuilder().assignment(Optional.of(given)).build();
  }

  /** The same, counted under these. */
  public Delivery labelled(Labels given) {
    return toBuilder().labels(given).build();
  }

  /** The same, with what it costs. */
  public Delivery costing(Optional<Cost> price) {
    return price.equals(cost) ? this : toBuilder().cost(price).build();
  }

  /** The channel it takes. */
  public Channel channel() {
    return lane.channel();
  }

  /** Taken into the hands of a node. */
  public Delivery claimed(Instant now) {
    return next(DeliveryStatus.SENDING, now).lease(lease + 1).build();
  }

  /** Taken by a provider, in one more attempt that counts. */
  public Delivery sent(String byProvider, String messageId, Instant now) {
    return next(DeliveryStatus.SENT, now)
        .reason(Optional.empty())
        .attempts(attempts + 1)
        .provider(Optional.of(byProvider))
        .providerMessageId(Optional.of(messageId))
        .build();
  }

  /** Back to its lane until a later moment; {@code SCHEDULED} where a policy put it off. */
  public Delivery postponed(DeliveryStatus waiting, Instant until, Reason why, Instant now) {
    return next(waiting, now).reason(Optional.of(why)).due(until).build();
  }

  /** Neither sent nor failed; looked at again at {@code until}. */
  public Delivery unconfirmed(String byProvider, Instant until, Reason why, Instant now) {
    return next(DeliveryStatus.UNCONFIRMED, now)
        .reason(Optional.of(why))
        .due(until)
        .provider(Optional.of(byProvider))
        .build();
  }

  /** Ended without being sent: dead, suppressed, cancelled or expired. */
  public Delivery ended(DeliveryStatus end, Reason why, Instant now) {
    return next(end, now).reason(Optional.of(why)).build();
  }

  /** Moved up the ladder by an event from the provider. */
  public Delivery confirmed(DeliveryStatus confirmation, Optional<Reason> why, Instant now) {
    return next(confirmation, now).reason(why).build();
  }

  /** With one more attempt behind it that counts. */
  public Delivery attempted(String byProvider) {
    return toBuilder().attempts(attempts + 1).provider(Optional.of(byProvider)).build();
  }

  /** Counted by frequency caps. */
  public Delivery withCounted() {
    return toBuilder().counted(true).build();
  }

  /** Without anything that tells who it was for, where it went or what a provider said of it. */
  public Delivery erased() {
    String nobody = NotificationRecord.ERASED.recipientId();
    return toBuilder()
        .to(nobody, Address.of(channel(), nobody))
        .reason(reason.map(why -> Reason.of(why.code())))
        .providerMessageId(Optional.empty())
        .build();
  }

  private Builder next(DeliveryStatus to, Instant now) {
    if (!status.canBecome(to)) {
      throw new IllegalStateException("delivery " + id + " cannot go from " + status + " to " + to);
    }
    return toBuilder().status(to).updatedAt(now);
  }

  /** Builds a {@link Delivery}; not thread-safe. */
  public static final class Builder {
    private final DeliveryId id;
    private final NotificationId notificationId;
    private String recipientId = "";
    private @Nullable Address address;
    private @Nullable Lane lane;
    private DeliveryStatus status = DeliveryStatus.PENDING;
    private Optional<Reason> reason = Optional.empty();
    private int attempts;
    private @Nullable Instant due;
    private @Nullable Instant expiresAt;
    private Optional<String> provider = Optional.empty();
    private Optional<String> providerMessageId = Optional.empty();
    private long lease;
    private boolean counted;
    private boolean onlyIfUnseen;
    private @Nullable Instant createdAt;
    private @Nullable Instant updatedAt;
    private Optional<BroadcastId> broadcast = Optional.empty();
    private Optional<Assignment> assignment = Optional.empty();
    private Labels labels = Labels.NONE;
    private Optional<Cost> cost = Optional.empty();

    private Builder(DeliveryId id, NotificationId notificationId) {
      this.id = id;
      this.notificationId = notificationId;
    }

    private Builder(Delivery from) {
      this(from.id, from.notificationId);
      recipientId = from.recipientId;
      address = from.address;
      lane = from.lane;
      status = from.status;
      reason = from.reason;
      attempts = from.attempts;
      due = from.due;
      expiresAt = from.expiresAt;
      provider = from.provider;
      providerMessageId = from.providerMessageId;
      lease = from.lease;
      counted = from.counted;
      onlyIfUnseen = from.onlyIfUnseen;
      createdAt = from.createdAt;
      updatedAt = from.updatedAt;
      broadcast = from.broadcast;
      assignment = from.assignment;
      labels = from.labels;
      cost = from.cost;
    }

    /** Sets who it is for and where it goes. */
    public Builder to(String person, Address where) {
      recipientId = person;
      address = where;
      return this;
    }

    /** Sets the queue it waits in; that of its address with normal priority unless set. */
    public Builder lane(Lane value) {
      lane = value;
      return this;
    }

    /** Sets where it stands. */
    public Builder status(DeliveryStatus value) {
      status = value;
      return this;
    }

    /** Sets why it stands there. */
    public Builder reason(Optional<Reason> value) {
      reason = value;
      return this;
    }

    /** Sets how many provider calls count against the limit. */
    public Builder attempts(int value) {
      attempts = value;
      return this;
    }

    /** Sets when it may be sent. */
    public Builder due(Instant value) {
      due = value;
      return this;
    }

    /** Sets when it is of no use any more. */
    public Builder expiresAt(Instant value) {
      expiresAt = value;
      return this;
    }

    /** Sets the provider that was asked last. */
    public Builder provider(Optional<String> value) {
      provider = value;
      return this;
    }

    /** Sets the provider's id of the message. */
    public Builder providerMessageId(Optional<String> value) {
      providerMessageId = value;
      return this;
    }

    /** Sets how often it was claimed. */
    public Builder lease(long value) {
      lease = value;
      return this;
    }

    /** Sets whether frequency caps have counted it. */
    public Builder counted(boolean value) {
      counted = value;
      return this;
    }

    /** Sets whether it is a later step of an escalation. */
    public Builder onlyIfUnseen(boolean value) {
      onlyIfUnseen = value;
      return this;
    }

    /** Sets when it was accepted. */
    public Builder createdAt(Instant value) {
      createdAt = value;
      return this;
    }

    /** Sets when it last changed; when it was accepted unless set. */
    public Builder updatedAt(Instant value) {
      updatedAt = value;
      return this;
    }

    /** Sets the broadcast it belongs to. */
    public Builder broadcast(Optional<BroadcastId> value) {
      broadcast = value;
      return this;
    }

    /** Sets its experiment and variant. */
    public Builder assignment(Optional<Assignment> value) {
      assignment = value;
      return this;
    }

    /** Sets what it is counted under besides. */
    public Builder labels(Labels value) {
      labels = value;
      return this;
    }

    /** Sets what it costs. */
    public Builder cost(Optional<Cost> value) {
      cost = value;
      return this;
    }

    /**
     * The delivery.
     *
     * @throws InvalidNotificationException if there is no address, time of acceptance or end
     */
    public Delivery build() {
      Address where = Text.present("address", address);
      Instant born = Text.present("createdAt", createdAt);
      return new Delivery(
          id,
          notificationId,
          recipientId,
          where,
          lane != null ? lane : new Lane(where.channel(), Priority.NORMAL),
          status,
          reason,
          attempts,
          due != null ? due : born,
          Text.present("expiresAt", expiresAt),
          provider,
          providerMessageId,
          lease,
          counted,
          onlyIfUnseen,
          born,
          updatedAt != null ? updatedAt : born,
          broadcast,
          assignment,
          labels,
          cost);
    }
  }
}
