package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
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
import dev.notify.model.Segment;
import dev.notify.model.Statistics;
import dev.notify.model.Subject;
import dev.notify.spi.AuditStore;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.ExperimentStore;
import dev.notify.spi.NotificationStore;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
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
  private static final int LARGEST_BATCH = 500;
  private static final Duration LONGEST_WRITING = Duration.ofSeconds(5);
  private static final Duration NEXT_SUSPECT = Duration.ofMillis(20);

  private final DataSource dataSource;
  private final Tables tables;
  private final Wakeups wakeups;
  private final Transactions transactions;
  private final DatabaseClock clock;
  private final Node node;
  private final Duration poll;
  private final PersonKeys persons;
  private final Bodies bodies;
  private final Acceptance acceptance;
  private final Endings endings;
  private final Claims claims;
  private final Lookups lookups;
  private final Events events;
  private final Recipients recipients;
  private final Erasing erasing;
  private final Retention retention;
  private final ExperimentRetention experimentRetention;
  private final Duration countedFor;
  private final Rewrapping rewrapping;
  private final Maintenance maintenance;
  private final HealthLook health;
  private final Broadcasts broadcasts;
  private final Digests digests;
  private final Choices choices;
  private final Suppressions suppressions;
  private final StoredTemplates templates;
  private final Limits limits;
  private final StoredSchedules schedules;
  private final Habits habits;
  private final StoredExperiments experiments;
  private final StoredAudit audit;
  private final Combiner<Parcel, Optional<KeyUse>> accepting;
  private final Updates updates;

  /**
   * How a delivery is held.
   *
   * @param node as which node this process came to hold it
   * @param lease under which lease
   */
  private record Hold(long node, long lease) {}

  /** What this process holds in memory, and as which node it came to hold it. */
  private final ConcurrentHashMap<DeliveryId, Hold> held = new ConcurrentHashMap<>();

  private volatile @Nullable Listener listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  JdbcStore(JdbcStoreBuilder builder) {
    dataSource = builder.dataSource;
    transactions = new Transactions(dataSource);
    long asked = System.nanoTime();
    Start start = transactions.run(connection -> look(connection, builder.tableNames));
    tables = new Tables(start.database(), builder.tableNames);
    wakeups = new Wakeups(tables);
    clock = new DatabaseClock(start.now(), asked + (System.nanoTime() - asked) / 2);
    node =
        new Node(
            transactions,
            tables,
            clock,
            builder.nodeName.orElseGet(() -> UUID.randomUUID().toString()),
            builder.heartbeat,
            builder.lease);
    poll = builder.poll;
    persons = new PersonKeys(transactions, tables, clock, builder.encryption.map(Encryption::keys));
    bodies = new Bodies(builder.encryption, persons);
    endings = tables.database().endings(tables);
    acceptance = tables.database().acceptance(tables, bodies, endings);
    Patterns patterns = new Patterns(tables, bodies);
    claims = tables.database().claims(tables, endings, patterns);
    lookups = new Lookups(tables, bodies, patterns);
    events = new Events(tables, lookups, endings);
    broadcasts = new Broadcasts(tables, transactions, acceptance, bodies, lookups);
    digests = new Digests(tables, transactions, acceptance, endings, bodies, patterns);
    choices = new Choices(transactions, tables, builder.cached, builder.ticker);
    suppressions =
        new Suppressions(
            transactions,
            tables,
            bodies,
            new AddressHashes(
                transactions,
                tables,
                bodies,
                builder.encryption.isPresent(),
                new Recent<>(builder.cached, builder.ticker)),
            builder.cached,
            builder.ticker);
    recipients =
        new Recipients(
            transactions,
            tables,
            bodies,
            clock,
            new Recent<>(builder.cached, builder.ticker),
            new Facts(tables, searchable(builder)));
    templates = new StoredTemplates(transactions, tables);
    limits = new Limits(transactions, tables, clock);
    schedules = new StoredSchedules(transactions, tables, acceptance, bodies);
    habits = new Habits(transactions, tables, clock, builder.cached, builder.ticker);
    experiments =
        new StoredExperiments(
            transactions, tables, endings.exposures(), builder.cached, builder.ticker);
    audit = new StoredAudit(transactions, tables, suppressions::prepare);
    erasing = new Erasing(transactions, tables);
    retention = new Retention(transactions, tables, endings, clock, builder.retention);
    experimentRetention = new ExperimentRetention(transactions, tables);
    countedFor = builder.experimentRetention;
    rewrapping =
        new Rewrapping(
            transactions,
            tables,
            builder.encryption.map(Encryption::keys),
            goesOn ->
                suppressions.reseal(goesOn) + recipients.reseal(goesOn) + schedules.reseal(goesOn));
    maintenance =
        new Maintenance(
            retention,
            rewrapping,
            () -> {
              pruneDevices(builder.deviceRetention);
              pruneExperiments();
            },
            Maintenance.BETWEEN);
    health = new HealthLook(transactions, tables, node);
    accepting = new Combiner<>(LARGEST_BATCH, this::writeAccepted, Transactions::isAbsence);
    updates = new Updates(transactions, endings, node, this::letGo);
  }

  /** What stands in the clear is what was in the clear before, or what the application names. */
  private static Predicate<String> searchable(JdbcStoreBuilder builder) {
    return builder.encryption.isEmpty()
        ? fact -> true
        : fact ->
            builder.searchable.contains(fact)
                || Segment.OF_PERSON.contains(fact)
                || !Segment.isName(fact);
  }

  private void pruneDevices(Duration unseen) {
    long pruned = recipients.pruneDevices(clock.instant().minus(unseen));
    if (pruned > 0) {
      log.debug("devices deleted that were not seen for {}: {}", unseen, pruned);
    }
  }

  private void pruneExperiments() {
    long pruned = experimentRetention.pass(clock.instant().minus(countedFor), () -> !closed.get());
    if (pruned > 0) {
      log.debug(
          "people of experiments deleted that nobody has come to for {}: {}", countedFor, pruned);
    }
  }

  private record Start(Database database, Instant now) {}

  private static Start look(Connection connection, TableNames names) throws SQLException {
    Database database = Database.of(connection);
    JdbcSchema.requireCurrent(connection, names);
    return new Start(database, Node.now(connection, database));
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
    return Optional.of(clock);
  }

  @Override
  public void start(Runnable moreWork) {
    node.start(moreWork, held::containsKey);
    maintenance.start();
    if (tables.database() == Database.POSTGRESQL) {
      listener = new Listener(dataSource, transactions, wakeups, moreWork);
      listener.start();
    }
  }

  @Override
  public boolean isInCharge(Delivery delivery) {
    return node.isInCharge()
        && new Hold(node.id(), delivery.lease()).equals(held.get(delivery.id()));
  }

  @Override
  public Optional<KeyUse> findKey(String key, Instant now) {
    return transactions.read(connection -> acceptance.find(connection, key, now));
  }

  @Override
  public Optional<KeyUse> accept(Submission submission) {
    // Made here, by the sender's own thread, and not while others wait for the flush.
    byte[] body = bodies.seal(submission);
    try {
      return accepting.write(new Parcel(submission, body));
    } catch (StalePersonKey e) {
      return accepting.write(new Parcel(submission, bodies.sealAnew(submission)));
    }
  }

  @Override
  public List<Optional<RuntimeException>> acceptAll(List<Submission> submissions) {
    List<Optional<RuntimeException>> faults = new ArrayList<>(submissions.size());
    for (int from = 0; from < submissions.size(); from += LARGEST_BATCH) {
      int to = Math.min(submissions.size(), from + LARGEST_BATCH);
      faults.addAll(acceptPortion(submissions.subList(from, to)));
    }
    return faults;
  }

  private List<Optional<RuntimeException>> acceptPortion(List<Submission> portion) {
    try {
      List<Optional<KeyUse>> ignored = writeAccepted(portion.stream().map(this::parcel).toList());
      return Collections.nCopies(portion.size(), Optional.empty());
    } catch (RefusedException e) {
      return Transactions.isAbsence(e)
          ? Collections.nCopies(portion.size(), Optional.of(e))
          : NotificationStore.super.acceptAll(portion);
    } catch (RuntimeException e) {
      // One that cannot be written must not fail the others.
      return NotificationStore.super.acceptAll(portion);
    }
  }

  private Parcel parcel(Submission submission) {
    return new Parcel(submission, bodies.seal(submission));
  }

  private List<Optional<KeyUse>> writeAccepted(List<Parcel> parcels) {
    long me = node.id();
    // Before the commit: what is written may be taken for stray the moment it can be seen.
    parcels.forEach(
        parcel ->
            held(parcel.submission())
                .forEach(born -> held.put(born.id(), new Hold(me, born.lease()))));
    try {
      List<Optional<KeyUse>> answers =
          transactions.runSurely(
              again ->
                  connection -> {
                    if (!bodies.areFresh(connection, parcels.stream().map(Parcel::body).toList())) {
                      throw new StalePersonKey();
                    }
                    return acceptance.write(
                        connection, parcels, OptionalLong.of(me), Whose.OURS, again);
                  },
              acceptance.isOneStatement(parcels));
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).isPresent()) {
          drop(parcels.get(i));
        }
      }
      tellOthers(parcels);
      return answers;
    } catch (RuntimeException e) {
      parcels.forEach(this::drop);
      throw e;
    }
  }

  /** What this node has no room for, others may take at once. */
  private void tellOthers(List<Parcel> parcels) {
    if (!node.isAlone() && wakeups.areWorthIt(parcels.stream().map(Parcel::submission).toList())) {
      try {
        transactions.runAlone(wakeups::tell);
      } catch (RuntimeException e) {
        log.debug("nobody was told of new work: {}", e.getMessage());
      }
    }
  }

  private void drop(Parcel parcel) {
    held(parcel.submission()).forEach(born -> held.remove(born.id()));
  }

  /** Unless it has been claimed again meanwhile. */
  private void letGo(Delivery delivery) {
    held.computeIfPresent(
        delivery.id(), (id, hold) -> hold.lease() == delivery.lease() ? null : hold);
  }

  private static List<Delivery> held(Submission submission) {
    return submission.deliveries().stream()
        .filter(delivery -> delivery.status() == DeliveryStatus.SENDING)
        .toList();
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
    return new JoinedTransaction(connection, acceptance, digests, bodies, wakeups, transactions);
  }

  @Override
  public Claim claim(Map<Lane, Integer> room, Instant now) {
    long me = node.id();
    Claim claim =
        transactions.byTurns(
            () -> transactions.run(connection -> claim(connection, room, now, me)));
    claim
        .held()
        .forEach(one -> held.put(one.delivery().id(), new Hold(me, one.delivery().lease())));
    return claim;
  }

  private Claim claim(Connection connection, Map<Lane, Integer> room, Instant now, long me)
      throws SQLException {
    Claims.Taken taken = claims.take(connection, room, now, me);
    Instant look = now.plus(taken.suspects() ? NEXT_SUSPECT : poll);
    Optional<Instant> due =
        claims.nextDue(connection, room.keySet(), now).filter(next -> next.isBefore(look));
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
    return transactions.run(connection -> cancel(connection, delivery, order, now));
  }

  private Optional<Cancellation> cancel(
      Connection connection, Delivery delivery, CancelOrder order, Instant now)
      throws SQLException {
    Optional<Delivery> open =
        lookups
            .query(
                connection,
                Lookups.OPEN + "d.id = ? FOR UPDATE",
                columns -> columns.id(delivery.id().value()))
            .stream()
            .findFirst();
    if (open.isEmpty()) {
      return lookups
          .query(
              connection, Lookups.ENDED + "d.id = ?", columns -> columns.id(delivery.id().value()))
          .stream()
          .findFirst()
          .map(ended -> new Cancellation(ended, false));
    }
    boolean isHeld = open.get().status() == DeliveryStatus.SENDING;
    if (isHeld || !order.endsInstead(open.get())) {
      order.give(tables, connection, delivery.id());
      return Optional.of(new Cancellation(open.get(), false));
    }
    Delivery ended = order.carriedOut(open.get(), now);
    endings.end(connection, ended);
    return Optional.of(new Cancellation(ended, true));
  }

  @Override
  public Optional<Delivery> record(DeliveryEvent event) {
    return transactions.run(connection -> events.record(connection, event));
  }

  @Override
  public Optional<NotificationRecord> find(NotificationId id) {
    return transactions.read(connection -> lookups.find(connection, id));
  }

  @Override
  public Optional<Delivery> find(DeliveryId id) {
    return transactions.read(connection -> lookups.find(connection, id));
  }

  @Override
  public Optional<Delivery> findByProviderMessage(String provider, String providerMessageId) {
    return transactions.read(
        connection ->
            lookups
                .query(
                    connection,
                    Lookups.ENDED + "d.provider_message_id = ? AND d.provider = ?",
                    columns -> columns.text(Endings.shortened(providerMessageId)).text(provider))
                .stream()
                .findFirst());
  }

  @Override
  public List<Delivery> openAbout(Subject subject) {
    return transactions.read(connection -> lookups.openAbout(connection, subject));
  }

  @Override
  public List<Delivery> waiting(int limit) {
    return transactions.read(
        connection ->
            lookups.query(
                connection,
                Lookups.OPEN + "d.owner IS NULL ORDER BY d.due, d.id LIMIT ?",
                columns -> columns.number(limit)));
  }

  @Override
  public List<Delivery> deadLetters(int limit) {
    return transactions.read(
        connection ->
            lookups.query(
                connection,
                Lookups.ENDED
                    + "d.dead_letter = TRUE ORDER BY d.updated_at DESC, d.id DESC LIMIT ?",
                columns -> columns.number(limit)));
  }

  @Override
  public Optional<Delivery> takeDeadLetter(DeliveryId id) {
    return transactions.run(
        connection -> {
          try (PreparedStatement statement =
              tables.prepare(
                  connection,
                  "UPDATE notify_outcome SET dead_letter = FALSE"
                      + " WHERE id = ? AND dead_letter = TRUE")) {
            new Columns(tables.database(), statement).id(id.value());
            if (statement.executeUpdate() == 0) {
              return Optional.<Delivery>empty();
            }
          }
          return lookups
              .query(connection, Lookups.ENDED + "d.id = ?", columns -> columns.id(id.value()))
              .stream()
              .findFirst();
        });
  }

  @Override
  public List<Delivery> openOf(String recipientId) {
    return transactions.read(
        connection ->
            lookups.query(
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
    return transactions.read(connection -> lookups.findOf(connection, recipientId, after, limit));
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
    boolean keyDestroyed = persons.destroy(recipientId);
    // What was just called off or sent is open in the tables until then.
    updates.awaitWritten(LONGEST_WRITING);
    digests.forget(recipientId);
    boolean wasKnown = recipients.delete(recipientId);
    return erasing.erase(recipientId, wasKnown, keyDestroyed);
  }

  @Override
  public StoreHealth health(Set<Lane> lanes) {
    return health.ask(lanes);
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
    pruneExperiments();
    return retention.pass(true, () -> !closed.get());
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
    return rewrapping.rewrap(() -> !closed.get());
  }

  @Override
  public Statistics statistics(Instant from, Instant to) {
    return transactions.read(connection -> endings.counts().statistics(connection, from, to));
  }

  @Override
  public Optional<BroadcastStore> broadcasts() {
    return Optional.of(broadcasts);
  }

  @Override
  public Entered collect(Submission submission, Joining joining) {
    return digests.collect(submission, joining);
  }

  @Override
  public Optional<DigestStore> digests() {
    return Optional.of(digests);
  }

  @Override
  public Optional<PreferenceStore> preferences() {
    return Optional.of(choices);
  }

  @Override
  public Optional<SuppressionList> suppressions() {
    return Optional.of(suppressions);
  }

  @Override
  public Optional<RecipientStore> recipients() {
    return Optional.of(recipients);
  }

  @Override
  public Optional<TemplateStore> templates() {
    return Optional.of(templates);
  }

  @Override
  public Optional<ScheduleStore> schedules() {
    return Optional.of(schedules);
  }

  @Override
  public Optional<AuditStore> audit() {
    return Optional.of(audit);
  }

  @Override
  public Optional<OpenHoursStore> openHours() {
    return Optional.of(habits);
  }

  @Override
  public Optional<ExperimentStore> experiments() {
    return Optional.of(experiments);
  }

  @Override
  public Optional<RollupStore> rollups() {
    return Optional.of(new RollupRows(transactions, tables));
  }

  @Override
  public Optional<RateLimiter> caps() {
    return Optional.of(limits);
  }

  @Override
  public void stop() {
    updates.stop();
  }

  /** Signs off, so that other nodes need not wait for it to be taken for dead. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      maintenance.close();
      health.close();
      if (listener != null) {
        listener.close();
      }
      updates.close();
      node.close();
    }
  }

  @Override
  public String toString() {
    return "JdbcStore[" + tables.database() + ", node " + node.id() + "]";
  }
}
