package dev.notify.jdbc;

import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.DeliveryId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes notifications that came to their end long ago, with all that is known of them, and
 * idempotency keys and caps whose time has ended; broadcasts and counts about every hour. Ids grow
 * with time, so what is old stands at the beginning of the primary key; each step is a short
 * transaction of its own, and the database rests for as long after it.
 */
final class Retention {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int AT_ONCE = 500;
  private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

  /** Bodies hold the deliveries' ids and may hold attachments: not too many in memory at a time. */
  private static final long BYTES_AT_ONCE = 8L << 20;

  private static final UUID FIRST = new UUID(0, 0);

  private static final String NEXT =
      """
      SELECT id, OCTET_LENGTH(body) AS size FROM notify_message
      WHERE id > ? AND id < ? ORDER BY id LIMIT ?""";

  private static final String LOCK =
      "SELECT id, body FROM notify_message WHERE id IN (%s) ORDER BY id FOR UPDATE SKIP LOCKED";

  private static final String OPEN = "SELECT id FROM notify_delivery WHERE id IN (%s)";

  private static final String YOUNG =
      "SELECT id FROM notify_outcome WHERE id IN (%s) AND updated_at >= ?";

  /** An outcome goes first: who records an event holds it, and has then added the event. */
  private static final List<String> DELIVERIES =
      List.of(
          "DELETE FROM notify_outcome WHERE id = ?",
          "DELETE FROM notify_attempt WHERE delivery_id = ?",
          "DELETE FROM notify_event WHERE delivery_id = ?");

  private static final String MESSAGE = "DELETE FROM notify_message WHERE id = ?";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final InstantSource clock;
  private final Optional<Duration> kept;

  private final Tally tally;
  private final CountRetention counts;
  private final RollupRetention rollups;
  private final EndedRows keys;
  private final EndedRows limits;
  private final EndedRows habits;

  /** Where the last pass came to; what stands before it was too young to go, or still open. */
  private UUID reached = FIRST;

  /**
   * Over these tables.
   *
   * @param endings counts what applications have tallied
   * @param kept how long finished notifications are kept; for ever if empty
   */
  Retention(
      Transactions transactions,
      Tables tables,
      Endings endings,
      InstantSource clock,
      Optional<Duration> kept) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.clock = clock;
    this.kept = kept;
    counts = new CountRetention(transactions, tables);
    tally = endings.tally();
    rollups = new RollupRetention(transactions, tables, endings.rollups());
    keys = new EndedRows(transactions, tables, clock, "notify_key");
    limits = new EndedRows(transactions, tables, clock, "notify_limit");
    habits = new EndedRows(transactions, tables, clock, "notify_habit");
  }

  /**
   * Goes through what has become old enough.
   *
   * @param fromTheBeginning whether also through what was passed over before
   * @param goesOn asked before each step
   * @return how many notifications were deleted
   */
  synchronized long pass(boolean fromTheBeginning, BooleanSupplier goesOn) {
    addUp(goesOn);
    long pruned = 0;
    if (kept.isPresent()) {
      Instant cutoff = clock.instant().minus(kept.get());
      UUID end = smallestId(cutoff);
      reached = fromTheBeginning ? FIRST : reached;
      while (goesOn.getAsBoolean()) {
        long began = System.nanoTime();
        List<UUID> step = transactions.read(connection -> next(connection, end));
        if (step.isEmpty()) {
          break;
        }
        pruned += transactions.run(connection -> prune(connection, step, cutoff));
        reached = step.get(step.size() - 1);
        rest(System.nanoTime() - began);
      }
      if (fromTheBeginning) {
        counts.pruneBroadcasts(cutoff, goesOn);
      }
    }
    if (fromTheBeginning) {
      counts.pruneHours(clock.instant().minus(CountRetention.HOURS_KEPT), goesOn);
      rollups.pass(clock.instant(), goesOn);
    }
    keys.prune(goesOn);
    limits.prune(goesOn);
    habits.prune(goesOn);
    return pruned;
  }

  private void addUp(BooleanSupplier goesOn) {
    boolean more = true;
    while (more && goesOn.getAsBoolean()) {
      long began = System.nanoTime();
      more = transactions.run(tally::addUp);
      rest(System.nanoTime() - began);
    }
  }

  /** No id of version 7 that was made at this moment or later is smaller (RFC 9562, 5.7). */
  static UUID smallestId(Instant moment) {
    return new UUID(Math.max(0, moment.toEpochMilli()) << 16, 0);
  }

  private List<UUID> next(Connection connection, UUID end) throws SQLException {
    List<UUID> step = new ArrayList<>();
    long bytes = 0;
    try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
      new Columns(database, statement).id(reached).id(end).number(AT_ONCE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next() && (step.isEmpty() || bytes < BYTES_AT_ONCE)) {
          step.add(database.id(rows, "id"));
          bytes += rows.getLong("size");
        }
      }
    }
    return step;
  }

  /**
   * Deletes those of which nothing is open or young; others may be at the same, and have theirs.
   */
  private int prune(Connection connection, List<UUID> messages, Instant cutoff)
      throws SQLException {
    Map<UUID, List<UUID>> deliveries = lock(connection, messages);
    List<UUID> all = deliveries.values().stream().flatMap(List::stream).sorted().toList();
    if (!all.isEmpty()) {
      // Open ones are read first: one that ends in between is then seen twice, never not at all.
      Set<UUID> stay = among(connection, OPEN, all, columns -> {});
      stay.addAll(among(connection, YOUNG, all, columns -> columns.time(cutoff)));
      deliveries.values().removeIf(ids -> ids.stream().anyMatch(stay::contains));
    }
    List<UUID> old = deliveries.values().stream().flatMap(List::stream).sorted().toList();
    for (String sql : DELIVERIES) {
      delete(connection, sql, old);
    }
    delete(connection, MESSAGE, List.copyOf(deliveries.keySet()));
    return deliveries.size();
  }

  private Map<UUID, List<UUID>> lock(Connection connection, List<UUID> messages)
      throws SQLException {
    Map<UUID, List<UUID>> locked = new LinkedHashMap<>();
    String sql = LOCK.formatted(Lookups.marks(messages.size()));
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      ids(new Columns(database, statement), messages);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          UUID id = database.id(rows, "id");
          try {
            locked.put(
                id,
                Bodies.deliveries(rows.getBytes("body")).stream().map(DeliveryId::value).toList());
          } catch (UnreadableBody e) {
            log.debug("message {} is damaged: {}; it stays", id, e.getMessage());
          }
        }
      }
    }
    return locked;
  }

  private static void ids(Columns columns, List<UUID> ids) throws SQLException {
    for (UUID id : ids) {
      columns.id(id);
    }
  }

  private Set<UUID> among(Connection connection, String sql, List<UUID> ids, Columns.Setter more)
      throws SQLException {
    Set<UUID> found = new HashSet<>();
    try (PreparedStatement statement =
        tables.prepare(connection, sql.formatted(Lookups.marks(ids.size())))) {
      Columns columns = new Columns(database, statement);
      ids(columns, ids);
      more.set(columns);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(database.id(rows, "id"));
        }
      }
    }
    return found;
  }

  private void delete(Connection connection, String sql, List<UUID> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (UUID id : ids) {
        columns.id(id).addBatch();
      }
      statement.executeBatch();
    }
  }

  /** The database rests for as long as it has worked. */
  static void rest(long worked) {
    LockSupport.parkNanos(Math.min(worked, LONGEST_REST));
  }
}
