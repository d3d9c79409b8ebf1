package dev.notify.spi;

import dev.notify.model.Attempt;
import dev.notify.model.ChannelDecision;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Health.StoreHealth;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.Statistics;
import dev.notify.model.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Keeps notifications and their deliveries: the only place of the engine that has state. All
 * methods are thread-safe and atomic. The contract suite in {@code notify-test} says the rest.
 *
 * <p>A delivery in the hands of a node has the status {@code SENDING} and a lease number that grew
 * when it was taken. Every change by the node names that lease; a change under an older one is
 * refused, so a node that lost its deliveries cannot overwrite what their new owner did.
 *
 * @since 0.1
 */
public interface NotificationStore extends SubmissionStore, AutoCloseable {

  /** Whether what it holds outlives the process. */
  boolean isDurable();

  /**
   * The time that decides what is due, where the store has one of its own: with several nodes, that
   * of the database they share. A dispatcher without a clock set on its builder goes by this.
   */
  default Optional<InstantSource> clock() {
    return Optional.empty();
  }

  /**
   * Begins what the store does by itself.
   *
   * @param moreWork to be called when something may be due that this node did not store itself;
   *     must not be called under a lock
   */
  default void start(Runnable moreWork) {}

  /**
   * Told before {@link #close} that no more work is wanted: who waits to write something, because
   * the store cannot be reached, is to wait no longer.
   */
  default void stop() {}

  /**
   * Whether this node surely still holds a delivery. Asked before each provider call; a node that
   * was paused for long must find out that others took over, before it sends anything. A durable
   * store holds none from {@link #close} on, though a worker that was kept up may still ask.
   */
  default boolean isInCharge(Delivery delivery) {
    return true;
  }

  /**
   * Takes part in a transaction of the application's: what is accepted there exists exactly if that
   * commits, and nobody holds it before.
   *
   * @param transaction what the store knows as one, a {@code java.sql.Connection} for example
   * @throws dev.notify.model.ConfigurationException if the store has no transactions, or this is
   *     none
   */
  default SubmissionStore join(Object transaction) {
    throw new ConfigurationException(
        getClass().getSimpleName() + " cannot take part in a transaction; a JDBC store can");
  }

  /**
   * Does work that has nothing to do with a {@code send} under way on this thread, as when a policy
   * sends to many. A store that wraps another passes it on, as it does {@link #within}.
   */
  default <R> R apart(Supplier<R> work) {
    return work.get();
  }

  /**
   * Keeps several notifications without idempotency keys, in as few commits as it can; one that
   * cannot be kept does not stop the others.
   *
   * @return for each what kept it from being stored; empty if it was
   */
  default List<Optional<RuntimeException>> acceptAll(List<Submission> submissions) {
    List<Optional<RuntimeException>> faults = new ArrayList<>(submissions.size());
    for (Submission submission : submissions) {
      try {
        accept(submission);
        faults.add(Optional.empty());
      } catch (RuntimeException e) {
        faults.add(Optional.of(e));
      }
    }
    return faults;
  }

  /**
   * Takes deliveries that are due into this node's hands: from each lane at most as many as there
   * is room for, those due first coming first.
   */
  Claim claim(Map<Lane, Integer> room, Instant now);

  /**
   * Replaces a delivery, if it is still held under the lease that {@code next} carries. One that
   * would wait again, but was called off meanwhile, ends instead.
   *
   * @param attempts the provider calls that led to it
   * @return the delivery as it stands now; empty if someone else has it
   */
  Optional<Delivery> update(Delivery next, List<Attempt> attempts);

  /**
   * As {@link #update}, without waiting: a store that writes many changes at once gathers them
   * here. It may wait for room, so that what is not yet written stays bounded.
   *
   * @return completed by any thread, once the change is kept; exceptionally if it cannot be
   */
  default CompletionStage<Optional<Delivery>> updateSoon(Delivery next, List<Attempt> attempts) {
    return CompletableFuture.completedFuture(update(next, attempts));
  }

  /**
   * Ends a delivery that nobody holds. One that somebody holds, or that is in doubt, stays as it
   * is, and is noted to end as soon as it would wait to be sent again, whether its node puts it
   * back or dies.
   *
   * @param delivery the delivery, by its ids
   * @param end cancelled, suppressed, expired or dead
   * @return how it stands now; empty if the store does not know it
   */
  Optional<Cancellation> cancel(Delivery delivery, DeliveryStatus end, Reason reason, Instant now);

  /**
   * Records what a provider or person told, once; moves the status up its ladder if the event does
   * that.
   */
  Optional<Delivery> record(DeliveryEvent event);

  /** All that is known of a notification; finished ones may be forgotten after a while. */
  Optional<NotificationRecord> find(NotificationId id);

  /** A delivery as it stands now. */
  Optional<Delivery> find(DeliveryId id);

  /** The delivery that a provider knows under this id. */
  Optional<Delivery> findByProviderMessage(String provider, String providerMessageId);

  /** Open deliveries about a subject. */
  List<Delivery> openAbout(Subject subject);

  /** Deliveries that are not settled and in nobody's hands, at most {@code limit}. */
  List<Delivery> waiting(int limit);

  /** Dead letters, newest first. */
  List<Delivery> deadLetters(int limit);

  /** Takes a dead letter off the list; of several callers one gets it. */
  Optional<Delivery> takeDeadLetter(DeliveryId id);

  /** Open deliveries of a person. */
  default List<Delivery> openOf(String recipientId) {
    return waiting(Integer.MAX_VALUE).stream()
        .filter(delivery -> delivery.recipientId().equals(recipientId))
        .toList();
  }

  /**
   * What is known of the notifications of a person, ordered by their ids, at most so many.
   *
   * @param after begins behind this one; at the beginning if empty
   * @throws ConfigurationException if the store cannot do that
   */
  default List<NotificationRecord> findOf(
      String recipientId, Optional<NotificationId> after, int limit) {
    throw new ConfigurationException(
        getClass().getSimpleName() + " cannot list the notifications of a person");
  }

  /**
   * What is known of the newest notifications, newest first, at most so many.
   *
   * @param before begins behind this one; with the newest if empty
   * @throws ConfigurationException if the store cannot do that
   */
  default List<NotificationRecord> recent(Optional<NotificationId> before, int limit) {
    throw new ConfigurationException(getClass().getSimpleName() + " cannot list notifications");
  }

  /**
   * Erases what it keeps of a person: content and addresses, who it was for, and what providers
   * told in words. That there were notifications, and how their deliveries ended, stays. Whatever
   * is still open will not be sent from here any more. May be called again.
   *
   * @throws ConfigurationException if the store cannot do that
   */
  default Erased forget(String recipientId) {
    throw new ConfigurationException(getClass().getSimpleName() + " cannot forget a person");
  }

  /**
   * How it stands. Answers within a few seconds and throws nothing: a store that is away is a fault
   * it tells of.
   *
   * @param lanes those whose lateness is asked for
   */
  default StoreHealth health(Set<Lane> lanes) {
    return StoreHealth.reachable();
  }

  /**
   * How often what happened to deliveries, of each hour that begins before {@code to} and ends
   * after {@code from}; ordered by hour, channel and type. Of a store that does not count, nothing.
   *
   * @param from earlier than {@code to}
   */
  default Statistics statistics(Instant from, Instant to) {
    return new Statistics(from, to, List.of());
  }

  /** Where broadcasts are kept; empty if the store cannot keep any. */
  default Optional<BroadcastStore> broadcasts() {
    return Optional.empty();
  }

  /** Where the windows of digests are kept; empty if the store cannot keep any. */
  default Optional<DigestStore> digests() {
    return Optional.empty();
  }

  /** Where people's choices are kept; empty if the store cannot keep any. */
  default Optional<PreferenceStore> preferences() {
    return Optional.empty();
  }

  /** Where in-app inboxes are kept; empty if the store cannot keep any. */
  default Optional<InboxStore> inboxes() {
    return Optional.empty();
  }

  /** Where suppressed addresses are kept; empty if the store cannot keep any. */
  default Optional<SuppressionList> suppressions() {
    return Optional.empty();
  }

  /** Where people are kept; empty if the store cannot keep any. */
  default Optional<RecipientStore> recipients() {
    return Optional.empty();
  }

  /** Where templates are kept; empty if the store cannot keep any. */
  default Optional<TemplateStore> templates() {
    return Optional.empty();
  }

  /** Where the audit log is kept; empty if the store cannot keep one. */
  default Optional<AuditStore> audit() {
    return Optional.empty();
  }

  /** Where recurring schedules are kept; empty if the store cannot keep any. */
  default Optional<ScheduleStore> schedules() {
    return Optional.empty();
  }

  /** Where it is kept at which hours people open what they get; empty if the store cannot. */
  default Optional<OpenHoursStore> openHours() {
    return Optional.empty();
  }

  /** What was counted of deliveries for analytics; empty if the store does not count. */
  default Optional<RollupStore> rollups() {
    return Optional.empty();
  }

  /** Where experiments are kept; empty if the store cannot keep any. */
  default Optional<ExperimentStore> experiments() {
    return Optional.empty();
  }

  /**
   * What counts frequency caps for all processes that share the store; empty if each counts alone.
   */
  default Optional<RateLimiter> caps() {
    return Optional.empty();
  }

  /** Releases what it holds. */
  @Override
  void close();

  /**
   * What was erased of a person.
   *
   * @param notifications how many notifications
   * @param deliveries how many deliveries these had
   * @param details how many attempts and events lost their details
   * @param recipient whether the person was kept among the {@link #recipients}
   * @param keyDestroyed whether the person had a key of their own, which is destroyed
   */
  record Erased(
      long notifications, long deliveries, long details, boolean recipient, boolean keyDestroyed) {}

  /**
   * A notification to keep.
   *
   * @param id its id
   * @param acceptedAt when
   * @param notification what was asked for
   * @param decisions what was decided
   * @param deliveries its deliveries; those in status {@code SENDING} are born in this node's hands
   * @param key its idempotency key, if it has one
   */
  record Submission(
      NotificationId id,
      Instant acceptedAt,
      Notification notification,
      List<ChannelDecision> decisions,
      List<Delivery> deliveries,
      Optional<KeyUse> key) {}

  /**
   * A use of an idempotency key.
   *
   * @param key the key
   * @param fingerprint {@link Notification#fingerprint()} of the notification that used it
   * @param id id of that notification
   * @param decisions what was decided for it
   * @param until end of the window
   */
  record KeyUse(
      String key,
      String fingerprint,
      NotificationId id,
      List<ChannelDecision> decisions,
      Instant until) {}

  /**
   * What became of calling a delivery off.
   *
   * @param delivery as it stands now
   * @param tookEffect whether this very call ended it
   */
  record Cancellation(Delivery delivery, boolean tookEffect) {}

  /**
   * What a claim brought.
   *
   * @param held taken into this node's hands
   * @param ended not taken, since they were called off or cannot be delivered
   * @param nextDue when it is worth asking again, if nothing new is accepted meanwhile
   */
  record Claim(List<Held> held, List<Delivery> ended, Optional<Instant> nextDue) {}

  /**
   * A delivery in this node's hands.
   *
   * @param delivery the delivery
   * @param notification what was asked for
   */
  record Held(Delivery delivery, Notification notification) {}
}
