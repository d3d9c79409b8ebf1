package dev.notify.jdbc;

import dev.notify.jdbc.Endings.Change;
import dev.notify.model.Attempt;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Health.StoreHealth;
import dev.notify.model.Lane;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.Statistics;
import dev.notify.model.Subject;
import dev.notify.spi.AuditStore;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.ExperimentStore;
import dev.notify.spi.InboxStore;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.RateLimiter;
import dev.notify.spi.RecipientStore;
import dev.notify.spi.RollupStore;
import dev.notify.spi.ScheduleStore;
import dev.notify.spi.SubmissionStore;
import dev.notify.spi.SuppressionList;
import dev.notify.spi.TemplateStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps notifications in the application's own database, on PostgreSQL, MariaDB, MySQL or H2. What
 * was accepted survives the process; several processes share the work, and take over from one that
 * dies.
 *
 * <pre>{@code
 * JdbcSchema.migrate(dataSource);
 * var dispatcher = NotificationDispatcher.builder().store(JdbcStore.of(dataSource)).provider(...).build();
 * }</pre>
 *
 * <p>It takes at most four connections of the pool, one of them to listen on PostgreSQL, and none
 * during a provider call. The database's clock decides. Thread-safe.
 *
 * @since 0.1
 */
public final class JdbcStore implements NotificationStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final Duration LONGEST_WRITING = Duration.ofSeconds(5);
  private static final Duration NEXT_SUSPECT = Duration.ofMillis(20);

  private final StoreParts parts;
  private final Accepting accepting;
  private final Updates updates;
  private volatile @Nullable Listener listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What was last taken of what must be taken one at a time. */
  private volatile List<DeliveryId> suspects = List.of();

  JdbcStore(JdbcStoreBuilder builder) {
    parts = new StoreParts(builder);
    accepting = new Accepting(parts);
    updates = new Updates(parts.transactions, parts.endings, parts.node, accepting::letGo);
  }

  /**
   * A store with the usual measures.
   *
   * @throws ConfigurationException if the database is unknown to us or its tables are missing,
   *     older or newer than this release
   * @throws RefusedException if the database cannot be reached
   */
  public static JdbcStore of(DataSource dataSource) {
    return builder(dataSource).build();
  }

  /** Starts a store with measures of its own. */
  public static JdbcStoreBuilder builder(DataSource dataSource) {
    return new JdbcStoreBuilder(dataSource);
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public Optional<InstantSource> clock() {
    return Optional.of(parts.clock);
  }

  @Override
  public void start(Runnable moreWork) {
    parts.node.start(moreWork, accepting::holds);
    parts.maintenance.start();
    if (parts.tables.database() == Database.POSTGRESQL) {
      listener =
          new Listener(
              parts.dataSource,
              parts.transactions,
              parts.wakeups,
              moreWork,
              parts.inboxes::changedElsewhere);
      listener.start();
    }
  }

  @Override
  public boolean isInCharge(Delivery delivery) {
    // What it held is free once it closes, though a worker that was kept up may ask only now.
    return !closed.get() && parts.node.isInCharge() && accepting.isHeld(delivery);
  }

  @Override
  public Optional<KeyUse> findKey(String key, Instant now) {
    // Others wait for what comes of a send under a key, so it is not done twice.
    parts.presumptions.settle();
    return parts.transactions.read(connection -> parts.acceptance.find(connection, key, now));
  }

  @Override
  public Optional<KeyUse> accept(Submission submission) {
    return accepting.accept(submission);
  }

  @Override
  public <R> R within(Supplier<R> work) {
    return parts.presumptions.within(work);
  }

  @Override
  public <R> R apart(Supplier<R> work) {
    return parts.presumptions.without(work);
  }

  @Override
  public List<Optional<RuntimeException>> acceptAll(List<Submission> submissions) {
    return accepting.acceptAll(submissions);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The transaction is a {@link Connection} without auto-commit, to the same database.
   */
  @Override
  public SubmissionStore join(Object transaction) {
    if (!(transaction instanceof Connection connection)) {
      throw new ConfigurationException(
          "transaction: must be a java.sql.Connection, not a " + transaction.getClass().getName());
    }
    return new JoinedTransaction(
        connection,
        parts.acceptance,
        parts.digests,
        parts.bodies,
        parts.wakeups.ofWork(),
        parts.transactions);
  }

  @Override
  public Claim claim(Map<Lane, Integer> room, Instant now) {
    long me = parts.node.id();
    Claim claim =
        parts.transactions.byTurns(
            () -> parts.transactions.run(connection -> claim(connection, room, now, me)));
    claim.held().forEach(one -> accepting.hold(one.delivery(), me));
    return claim;
  }

  private Claim claim(Connection connection, Map<Lane, Integer> room, Instant now, long me)
      throws SQLException {
    boolean holdsSuspect = suspects.stream().anyMatch(accepting::holds);
    Claims.Taken taken =
        parts.claims.take(connection, room, now, new Claims.Taker(me, holdsSuspect ? 0 : 1));
    if (!taken.suspects().isEmpty()) {
      suspects = taken.suspects();
    }
    Instant look =
        now.plus(holdsSuspect || !taken.suspects().isEmpty() ? NEXT_SUSPECT : parts.poll);
    Optional<Instant> due =
        parts.claims.nextDue(connection, room.keySet(), now).filter(next -> next.isBefore(look));
    return new Claim(taken.held(), taken.ended(), Optional.of(due.orElse(look)));
  }

  @Override
  public Optional<Delivery> update(Delivery next, List<Attempt> attempts) {
    try {
      return updateSoon(next, attempts).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException fault ? fault : e;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>While the database is away it is tried again, and who has more to write waits: what was
   * delivered must not be forgotten and delivered again. The wait ends when the store is closed.
   */
  @Override
  public CompletableFuture<Optional<Delivery>> updateSoon(Delivery next, List<Attempt> attempts) {
    return updates.add(new Change(next, attempts));
  }

  @Override
  public Optional<Cancellation> cancel(
      Delivery delivery, DeliveryStatus end, Reason reason, Instant now) {
    CancelOrder order = new CancelOrder(end, reason);
    return parts.transactions.run(connection -> cancel(connection, delivery, order, now));
  }

  private Optional<Cancellation> cancel(
      Connection connection, Delivery delivery, CancelOrder order, Instant now)
      throws SQLException {
    Optional<Delivery> open =
        parts
            .lookups
            .query(
                connection,
                Lookups.OPEN + "d.id = ? FOR UPDATE",
                columns -> columns.id(delivery.id().value()))
            .stream()
            .findFirst();
    if (open.isEmpty()) {
      return parts
          .lookups
          .query(
              connection, Lookups.ENDED + "d.id = ?", columns -> columns.id(delivery.id().value()))
          .stream()
          .findFirst()
          .map(ended -> new Cancellation(ended, false));
    }
    boolean isHeld = open.get().status() == DeliveryStatus.SENDING;
    if (isHeld || !order.endsInstead(open.get())) {
      order.give(parts.tables, connection, delivery.id());
      return Optional.of(new Cancellation(open.get(), false));
    }
    Delivery ended = order.carriedOut(open.get(), now);
    parts.endings.end(connection, ended);
    return Optional.of(new Cancellation(ended, true));
  }

  @Override
  public Optional<Delivery> record(DeliveryEvent event) {
    return parts.transactions.run(connection -> parts.events.record(connection, event));
  }

  @Override
  public Optional<NotificationRecord> find(NotificationId id) {
    return parts.transactions.read(connection -> parts.lookups.find(connection, id));
  }

  @Override
  public Optional<Delivery> find(DeliveryId id) {
    return parts.transactions.read(connection -> parts.lookups.find(connection, id));
  }

  @Override
  public Optional<Delivery> findByProviderMessage(String provider, String providerMessageId) {
    return parts.transactions.read(
        connection ->
            parts
                .lookups
                .query(
                    connection,
                    Lookups.ENDED + "d.provider_message_id = ? AND d.provider = ?",
                    columns -> columns.text(Endings.shortened(providerMessageId)).text(provider))
                .stream()
                .findFirst());
  }

  @Override
  public List<Delivery> openAbout(Subject subject) {
    return parts.transactions.read(connection -> parts.lookups.openAbout(connection, subject));
  }

  @Override
  public List<Delivery> waiting(int limit) {
    return parts.transactions.read(
        connection ->
            parts.lookups.query(
                connection,
                Lookups.OPEN + "d.owner IS NULL ORDER BY d.due, d.id LIMIT ?",
                columns -> columns.number(limit)));
  }

  @Override
  public List<Delivery> deadLetters(int limit) {
    return parts.transactions.read(
        connection ->
            parts.lookups.query(
                connection,
                Lookups.ENDED
                    + "d.dead_letter = TRUE ORDER BY d.updated_at DESC, d.id DESC LIMIT ?",
                columns -> columns.number(limit)));
  }

  @Override
  public Optional<Delivery> takeDeadLetter(DeliveryId id) {
    return parts.transactions.run(
        connection -> {
          try (PreparedStatement statement =
              parts.tables.prepare(
                  connection,
                  "UPDATE notify_outcome SET dead_letter = FALSE"
                      + " WHERE id = ? AND dead_letter = TRUE")) {
            new Columns(parts.tables.database(), statement).id(id.value());
            if (statement.executeUpdate() == 0) {
              return Optional.<Delivery>empty();
            }
          }
          return parts
              .lookups
              .query(connection, Lookups.ENDED + "d.id = ?", columns -> columns.id(id.value()))
              .stream()
              .findFirst();
        });
  }

  @Override
  public List<Delivery> openOf(String recipientId) {
    return parts.transactions.read(
        connection ->
            parts.lookups.query(
                connection,
                Lookups.OPEN + "m.recipient_id = ?",
                columns -> columns.text(recipientId)));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Goes through all messages, as {@link #forget} does.
   */
  @Override
  public List<NotificationRecord> findOf(
      String recipientId, Optional<NotificationId> after, int limit) {
    return parts.transactions.read(
        connection -> parts.lookups.findOf(connection, recipientId, after, limit));
  }

  @Override
  public List<NotificationRecord> recent(Optional<NotificationId> before, int limit) {
    return parts.transactions.read(connection -> parts.lookups.recent(connection, before, limit));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Goes through all messages, by their primary key and in small steps. An index of your own on
   * {@code notify_message (recipient_id, id)} makes it fast; without one, a send costs less.
   */
  @Override
  public Erased forget(String recipientId) {
    // First of all, so that nothing can be read any more that is found in a backup.
    boolean keyDestroyed = parts.persons.destroy(recipientId);
    // What was just called off or sent is open in the tables until then.
    updates.awaitWritten(LONGEST_WRITING);
    parts.digests.forget(recipientId);
    long ignored = parts.inboxes.forget(recipientId);
    boolean wasKnown = parts.recipients.delete(recipientId);
    return parts.erasing.erase(recipientId, wasKnown, keyDestroyed);
  }

  @Override
  public StoreHealth health(Set<Lane> lanes) {
    return parts.health.ask(lanes);
  }

  /**
   * Deletes now what is older than the retention, as the store does by itself about every minute
   * from when a dispatcher uses it: notifications of which nothing is open and nothing has changed
   * for so long, with all that is known of them, idempotency keys whose window has ended, and who
   * was counted in experiments that nobody has come to for long. In small steps with rests between
   * them; may take long the first time.
   *
   * @return how many notifications were deleted
   * @throws RefusedException if the database cannot be reached; what was deleted before is deleted
   */
  public long prune() {
    parts.pruneExperiments(() -> !closed.get());
    return parts.retention.pass(true, () -> !closed.get());
  }

  /**
   * Wraps persons' keys in the current key now, and encrypts with it the suppression list, what is
   * said of recipients, and recurring schedules, as the store does by itself about every hour; once
   * it answers 0, none of them needs an earlier one any more. Messages that are encrypted with an
   * earlier key itself still do, until the retention has passed.
   *
   * @return how many keys, entries and schedules were changed
   * @throws RefusedException if the database cannot be reached
   */
  public long rewrapPersonKeys() {
    return parts.rewrapping.rewrap(() -> !closed.get());
  }

  @Override
  public Statistics statistics(Instant from, Instant to) {
    return parts.transactions.read(
        connection -> parts.endings.counts().statistics(connection, from, to));
  }

  @Override
  public Optional<BroadcastStore> broadcasts() {
    return Optional.of(parts.broadcasts);
  }

  @Override
  public Entered collect(Submission submission, Joining joining) {
    parts.presumptions.settle();
    return parts.digests.collect(submission, joining);
  }

  @Override
  public Optional<InboxStore> inboxes() {
    return Optional.of(parts.inboxes);
  }

  @Override
  public Optional<DigestStore> digests() {
    return Optional.of(parts.digests);
  }

  @Override
  public Optional<PreferenceStore> preferences() {
    return Optional.of(parts.choices);
  }

  @Override
  public Optional<SuppressionList> suppressions() {
    return Optional.of(parts.suppressions);
  }

  @Override
  public Optional<RecipientStore> recipients() {
    return Optional.of(parts.recipients);
  }

  @Override
  public Optional<TemplateStore> templates() {
    return Optional.of(parts.templates);
  }

  @Override
  public Optional<ScheduleStore> schedules() {
    return Optional.of(parts.schedules);
  }

  @Override
  public Optional<AuditStore> audit() {
    return Optional.of(parts.audit);
  }

  @Override
  public Optional<OpenHoursStore> openHours() {
    return Optional.of(parts.habits);
  }

  @Override
  public Optional<ExperimentStore> experiments() {
    return Optional.of(parts.experiments);
  }

  @Override
  public Optional<RollupStore> rollups() {
    return Optional.of(new RollupRows(parts.transactions, parts.tables));
  }

  @Override
  public Optional<RateLimiter> caps() {
    return Optional.of(parts.limits);
  }

  @Override
  public void stop() {
    updates.stop();
  }

  /** Signs off, so that other nodes need not wait for it to be taken for dead. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      parts.maintenance.close();
      parts.health.close();
      if (listener != null) {
        listener.close();
      }
      parts.wakeups.close();
      updates.close();
      parts.node.close();
    }
  }

  @Override
  public String toString() {
    return "JdbcStore[" + parts.tables.database() + ", parts.node " + parts.node.id() + "]";
  }
}
