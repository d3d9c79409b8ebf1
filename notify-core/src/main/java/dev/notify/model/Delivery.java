package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

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

  /** A delivery of no broadcast and no experiment, without a price. */
  public Delivery(
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
      Instant updatedAt) {
    this(
        id,
        notificationId,
        recipientId,
        address,
        lane,
        status,
        reason,
        attempts,
        due,
        expiresAt,
        provider,
        providerMessageId,
        lease,
        counted,
        onlyIfUnseen,
        createdAt,
        updatedAt,
        Optional.empty(),
        Optional.empty(),
        Labels.NONE,
        Optional.empty());
  }

  /** The same, as part of a broadcast. */
  public Delivery inBroadcast(BroadcastId whole) {
    return with(Optional.of(whole), assignment, labels, cost);
  }

  /** The same, as part of an experiment. */
  public Delivery inExperiment(Assignment given) {
    return with(broadcast, Optional.of(given), labels, cost);
  }

  /** The same, counted under these. */
  public Delivery labelled(Labels given) {
    return with(broadcast, assignment, given, cost);
  }

  /** The same, with what it costs. */
  public Delivery costing(Optional<Cost> price) {
    return with(broadcast, assignment, labels, price);
  }

  private Delivery with(
      Optional<BroadcastId> whole, Optional<Assignment> given, Labels under, Optional<Cost> price) {
    return new Delivery(
        id,
        notificationId,
        recipientId,
        address,
        lane,
        status,
        reason,
        attempts,
        due,
        expiresAt,
        provider,
        providerMessageId,
        lease,
        counted,
        onlyIfUnseen,
        createdAt,
        updatedAt,
        whole,
        given,
        under,
        price);
  }

  /** The channel it takes. */
  public Channel channel() {
    return lane.channel();
  }

  /** Taken into the hands of a node. */
  public Delivery claimed(Instant now) {
    return next(
        DeliveryStatus.SENDING,
        reason,
        attempts,
        due,
        provider,
        providerMessageId,
        lease + 1,
        counted,
        now);
  }

  /** Taken by a provider. */
  public Delivery sent(String byProvider, String messageId, Instant now) {
    return next(
        DeliveryStatus.SENT,
        Optional.empty(),
        attempts,
        due,
        Optional.of(byProvider),
        Optional.of(messageId),
        lease,
        counted,
        now);
  }

  /** Back to its lane until a later moment; {@code SCHEDULED} where a policy put it off. */
  public Delivery postponed(DeliveryStatus waiting, Instant until, Reason why, Instant now) {
    return next(
        waiting,
        Optional.of(why),
        attempts,
        until,
        provider,
        providerMessageId,
        lease,
        counted,
        now);
  }

  /** Neither sent nor failed; looked at again at {@code until}. */
  public Delivery unconfirmed(String byProvider, Instant until, Reason why, Instant now) {
    return next(
        DeliveryStatus.UNCONFIRMED,
        Optional.of(why),
        attempts,
        until,
        Optional.of(byProvider),
        providerMessageId,
        lease,
        counted,
        now);
  }

  /** Ended without being sent: dead, suppressed, cancelled or expired. */
  public Delivery ended(DeliveryStatus end, Reason why, Instant now) {
    return next(
        end, Optional.of(why), attempts, due, provider, providerMessageId, lease, counted, now);
  }

  /** Moved up the ladder by an event from the provider. */
  public Delivery confirmed(DeliveryStatus confirmation, Optional<Reason> why, Instant now) {
    return next(confirmation, why, attempts, due, provider, providerMessageId, lease, counted, now);
  }

  /** With one more attempt behind it that counts. */
  public Delivery attempted(String byProvider) {
    return new Delivery(
        id,
        notificationId,
        recipientId,
        address,
        lane,
        status,
        reason,
        attempts + 1,
        due,
        expiresAt,
        Optional.of(byProvider),
        providerMessageId,
        lease,
        counted,
        onlyIfUnseen,
        createdAt,
        updatedAt,
        broadcast,
        assignment,
        labels,
        cost);
  }

  /** Counted by frequency caps. */
  public Delivery withCounted() {
    return new Delivery(
        id,
        notificationId,
        recipientId,
        address,
        lane,
        status,
        reason,
        attempts,
        due,
        expiresAt,
        provider,
        providerMessageId,
        lease,
        true,
        onlyIfUnseen,
        createdAt,
        updatedAt,
        broadcast,
        assignment,
        labels,
        cost);
  }

  /** Without anything that tells who it was for, where it went or what a provider said of it. */
  public Delivery erased() {
    return new Delivery(
        id,
        notificationId,
        NotificationRecord.ERASED.recipientId(),
        Address.of(channel(), NotificationRecord.ERASED.recipientId()),
        lane,
        status,
        reason.map(why -> Reason.of(why.code())),
        attempts,
        due,
        expiresAt,
        provider,
        Optional.empty(),
        lease,
        counted,
        onlyIfUnseen,
        createdAt,
        updatedAt,
        broadcast,
        assignment,
        labels,
        cost);
  }

  private Delivery next(
      DeliveryStatus to,
      Optional<Reason> why,
      int newAttempts,
      Instant newDue,
      Optional<String> byProvider,
      Optional<String> messageId,
      long newLease,
      boolean isCounted,
      Instant now) {
    if (!status.canBecome(to)) {
      throw new IllegalStateException("delivery " + id + " cannot go from " + status + " to " + to);
    }
    return new Delivery(
        id,
        notificationId,
        recipientId,
        address,
        lane,
        to,
        why,
        newAttempts,
        newDue,
        expiresAt,
        byProvider,
        messageId,
        newLease,
        isCounted,
        onlyIfUnseen,
        createdAt,
        now,
        broadcast,
        assignment,
        labels,
        cost);
  }
}
