package dev.notify.jdbc;

import dev.notify.jdbc.Presumptions.Presuming;
import dev.notify.model.Segment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store is made of, from what its builder was given. Looks at the database first: which it
 * is, whether its tables are ours, and what time it has.
 */
final class StoreParts {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  final DataSource dataSource;
  final Tables tables;
  final Wakeups wakeups;
  final Transactions transactions;
  final DatabaseClock clock;
  final Node node;
  final Duration poll;
  final PersonKeys persons;
  final Bodies bodies;
  final Acceptance acceptance;
  final Endings endings;
  final Claims claims;
  final Lookups lookups;
  final Events events;
  final Recipients recipients;
  final Erasing erasing;
  final Retention retention;
  private final ExperimentRetention experimentRetention;
  private final Duration countedFor;
  final Rewrapping rewrapping;
  final Maintenance maintenance;
  final HealthLook health;
  final Broadcasts broadcasts;
  final Digests digests;
  final Choices choices;
  final Suppressions suppressions;
  final Presumptions presumptions;
  final StoredTemplates templates;
  final Limits limits;
  final StoredSchedules schedules;
  final Habits habits;
  final StoredExperiments experiments;
  final StoredAudit audit;
  final Inboxes inboxes;

  StoreParts(JdbcStoreBuilder builder) {
    dataSource = builder.dataSource;
    transactions = new Transactions(dataSource);
    Start start = transactions.run(connection -> look(connection, builder.tableNames));
    tables = new Tables(start.database(), builder.tableNames);
    wakeups = new Wakeups(tables, transactions);
    clock = new DatabaseClock(start.present());
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
    Presuming presuming = new Presuming();
    choices = new Choices(transactions, tables, presuming, builder.cached, builder.ticker);
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
            presuming,
            builder.cached,
            builder.ticker);
    presumptions = new Presumptions(transactions, choices, suppressions, presuming);
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
    inboxes =
        new Inboxes(
            transactions, tables, bodies, clock, wakeups.ofInboxes(), builder.itemsPerInbox);
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
            goesOn -> {
              pruneDevices(builder.deviceRetention);
              pruneExperiments(goesOn);
              inboxes.prune(clock.instant(), goesOn);
            },
            Maintenance.BETWEEN);
    health = new HealthLook(transactions, tables, node);
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

  void pruneExperiments(BooleanSupplier goesOn) {
    long pruned = experimentRetention.pass(clock.instant().minus(countedFor), goesOn);
    if (pruned > 0) {
      log.debug(
          "people of experiments deleted that nobody has come to for {}: {}", countedFor, pruned);
    }
  }

  private record Start(Database database, DatabaseClock.Reading present) {}

  private static Start look(Connection connection, TableNames names) throws SQLException {
    Database database = Database.of(connection);
    JdbcSchema.requireCurrent(connection, names);
    return new Start(database, DatabaseClock.ask(connection, database));
  }
}
