package dev.notify.jdbc;

import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that share the database. It says every moment that it lives, on a thread
 * of its own; takes what dead nodes held back into the open; and knows when it may itself have been
 * taken for dead.
 */
final class Node implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

  private static final int RELEASED_AT_ONCE = 1_000;

  /** A sweep reads the whole table of open deliveries; what it looks for is rare. */
  private static final int BEATS_BETWEEN_SWEEPS = 15;

  /** Far longer than the moment between a commit and its being noted in memory. */
  private static final Duration STRAY = Duration.ofSeconds(30);

  /** No heartbeat is as old as this but that of a node which was declared dead. */
  private static final Instant RESURRECTED = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant DECLARED_DEAD = Instant.EPOCH.plusSeconds(86_400);

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final DatabaseClock clock;
  private final String name;
  private final Duration heartbeat;
  private final Duration lease;
  private final ScheduledExecutorService thread;

  /** Stopwatch at the start of the last heartbeat that went through. */
  private volatile long lastBeat;

  /** Stopwatch from which it may take others for dead. */
  private long judgesFrom;

  /** Whether the last heartbeat did not go through. */
  private boolean beatFailed;

  private volatile long id;
  private volatile boolean alone;
  private volatile Runnable moreWork = () -> {};
  private volatile Predicate<DeliveryId> inMemory = id -> true;
  private long beats;

  Node(
      Transactions transactions,
      Tables tables,
      DatabaseClock clock,
      String name,
      Duration heartbeat,
      Duration lease) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.clock = clock;
    this.name = name;
    this.heartbeat = heartbeat;
    this.lease = lease;
    thread = Executors.newSingleThreadScheduledExecutor(Daemons.named("notify-heartbeat"));
    register();
    judgeLater();
  }

  long id() {
    return id;
  }

  /**
   * Whether nobody can have taken it for dead: by its own stopwatch, with a heartbeat to spare, so
   * that what it is about to do is done before its lease ends.
   */
  boolean isInCharge() {
    long since = System.nanoTime() - lastBeat;
    return since < lease.minus(heartbeat).toNanos();
  }

  /** How long ago the last heartbeat that went through began. */
  Duration heartbeatAge() {
    return Duration.ofNanos(System.nanoTime() - lastBeat);
  }

  /** How long a silent node is not taken for dead. */
  Duration lease() {
    return lease;
  }

  @Override
  public String toString() {
    return name + " (" + id + ")";
  }

  /** Whether it was the only one when it last looked. */
  boolean isAlone() {
    return alone;
  }

  void start(Runnable onMoreWork, Predicate<DeliveryId> isInMemory) {
    moreWork = onMoreWork;
    inMemory = isInMemory;
    thread.scheduleWithFixedDelay(
        () -> transactions.byTurns(this::beat),
        heartbeat.toNanos(),
        heartbeat.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  /** A new node; what an earlier process of the same name held is free at once. */
  private void register() {
    long began = System.nanoTime();
    id =
        transactions.runUrgently(
            connection -> {
              List<Long> earlier = new ArrayList<>();
              try (PreparedStatement statement =
                  tables.prepare(connection, "SELECT id FROM notify_node WHERE name = ?")) {
                statement.setString(1, name);
                try (ResultSet rows = statement.executeQuery()) {
                  while (rows.next()) {
                    earlier.add(rows.getLong(1));
                  }
                }
              }
              for (long node : earlier) {
                abandon(connection, node);
              }
              freeLateOnes(connection, id);
              return insert(connection);
            });
    lastBeat = began;
  }

  /** What this process accepted in its old name, before it learnt that it was taken for dead. */
  private void freeLateOnes(Connection connection, long oldId) throws SQLException {
    if (oldId != 0) {
      free(connection, lock(connection, "owner = ?", columns -> columns.number(oldId)), 0);
    }
  }

  /** Lets an earlier process of this name be dead from now on, whatever it thinks of itself. */
  private void abandon(Connection connection, long node) throws SQLException {
    while (release(connection, node) > 0) {
      // Until nothing is left but what it has locked.
    }
    try (PreparedStatement statement =
        tables.prepare(
            connection, "UPDATE notify_node SET heartbeat_at = ?, name = ? WHERE id = ?")) {
      new Columns(database, statement).time(DECLARED_DEAD).text("dead").number(node);
      statement.executeUpdate();
    }
  }

  private long insert(Connection connection) throws SQLException {
    String sql = "INSERT INTO notify_node (name, heartbeat_at) VALUES (?, " + database.now() + ")";
    try (PreparedStatement statement = tables.prepareForKey(connection, sql)) {
      statement.setString(1, name);
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }

  /**
   * Says that this node lives, and looks after those that do not; answers whether that went well.
   */
  private boolean beat() {
    try {
      long asked = System.nanoTime();
      boolean known = transactions.runUrgently(this::touch);
      if (beatFailed || !isInCharge()) {
        judgeLater();
      }
      beatFailed = false;
      if (known) {
        lastBeat = asked;
      } else {
        log.warn("node {} was taken for dead; it begins anew", id);
        register();
        moreWork.run();
      }
      while (mayJudge() && transactions.runUrgently(this::releaseDead) > 0) {
        moreWork.run();
      }
      if (++beats % BEATS_BETWEEN_SWEEPS == 0 && transactions.runUrgently(this::sweep) > 0) {
        moreWork.run();
      }
      return true;
    } catch (RuntimeException | Error e) {
      // Nothing may end this thread's schedule.
      beatFailed = true;
      log.warn("heartbeat failed: {}", e.getMessage());
      return false;
    }
  }

  private void judgeLater() {
    judgesFrom = System.nanoTime() + lease.toNanos();
  }

  /**
   * Not right after it was cut off itself, or has just begun: then nobody could beat, perhaps, and
   * the others are only about to.
   */
  private boolean mayJudge() {
    return System.nanoTime() - judgesFrom >= 0;
  }

  private boolean touch(Connection connection) throws SQLException {
    String sql =
        "UPDATE notify_node SET heartbeat_at = "
            + database.now()
            + " WHERE id = ? AND name = ? AND heartbeat_at > ?";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).number(id).text(name).time(RESURRECTED);
      if (statement.executeUpdate() == 0) {
        return false;
      }
    }
    alone = count(connection) == 1;
    clock.set(DatabaseClock.ask(connection, database));
    return true;
  }

  private int count(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            tables.prepare(connection, "SELECT count(*) FROM notify_node");
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** The database's own time. */
  static Instant now(Connection connection, Database database) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + database.now() + " AS present")) {
      rows.next();
      return database.time(rows, "present");
    }
  }

  private int releaseDead(Connection connection) throws SQLException {
    Instant dead = now(connection, database).minus(lease);
    List<Long> nodes = new ArrayList<>();
    try (PreparedStatement statement =
        tables.prepare(
            connection,
            "SELECT id FROM notify_node WHERE heartbeat_at < ? FOR UPDATE SKIP LOCKED")) {
      new Columns(database, statement).time(dead);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          nodes.add(rows.getLong(1));
        }
      }
    }
    int released = 0;
    for (long node : nodes) {
      declareDead(connection, node);
      released += release(connection, node);
    }
    return released;
  }

  /**
   * From now on it is dead, even if not all that it holds can be taken back at once: else its next
   * heartbeat would go through, and it would send what it does not hold any more.
   */
  private void declareDead(Connection connection, long node) throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(connection, "UPDATE notify_node SET heartbeat_at = ? WHERE id = ?")) {
      new Columns(database, statement).time(DECLARED_DEAD).number(node);
      statement.executeUpdate();
    }
  }

  private int sweep(Connection connection) throws SQLException {
    return releaseStrays(connection) + releaseOrphans(connection);
  }

  /**
   * Frees what nodes hold that have signed off, or were forgotten: one that does not know yet that
   * it was taken for dead goes on accepting in its old name.
   */
  private int releaseOrphans(Connection connection) throws SQLException {
    List<UUID> orphans =
        lock(
            connection,
            "owner IS NOT NULL AND owner NOT IN (SELECT id FROM notify_node)"
                + " ORDER BY id LIMIT "
                + RELEASED_AT_ONCE,
            columns -> {});
    free(connection, orphans, 0);
    return orphans.size();
  }

  /**
   * Frees what the tables say this node holds and its memory does not: a commit that came about
   * though its answer never came, after which the sender was told that it had failed.
   */
  private int releaseStrays(Connection connection) throws SQLException {
    Instant longAgo = now(connection, database).minus(STRAY);
    List<UUID> strays =
        lock(
            connection,
            "owner = ? AND updated_at < ? ORDER BY id",
            columns -> columns.number(id).time(longAgo));
    strays.removeIf(delivery -> inMemory.test(new DeliveryId(delivery)));
    free(connection, strays, 0);
    if (!strays.isEmpty()) {
      log.warn("deliveries that nobody held in memory, taken back: {}", strays.size());
    }
    return strays.size();
  }

  /** Locks open deliveries, but for those that somebody else has locked. */
  private List<UUID> lock(Connection connection, String which, Columns.Setter parameters)
      throws SQLException {
    List<UUID> locked = new ArrayList<>();
    String sql = "SELECT id FROM notify_delivery WHERE " + which + " FOR UPDATE SKIP LOCKED";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          locked.add(database.id(rows, "id"));
        }
      }
    }
    return locked;
  }

  private void free(Connection connection, List<UUID> deliveries, int moreDeaths)
      throws SQLException {
    if (deliveries.isEmpty()) {
      return;
    }
    String sql =
        "UPDATE notify_delivery SET owner = NULL, status = ?, deaths = deaths + ? WHERE id = ?";
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (UUID delivery : deliveries) {
        columns.number(Codes.of(DeliveryStatus.PENDING)).number(moreDeaths).id(delivery).addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Frees what a dead node held, and then forgets the node. What it has locked is left for another
   * time: it may only be paused, in the middle of a transaction that the database will end.
   */
  private int release(Connection connection, long node) throws SQLException {
    List<UUID> held =
        lock(
            connection,
            "owner = ? ORDER BY id LIMIT " + RELEASED_AT_ONCE,
            columns -> columns.number(node));
    free(connection, held, 1);
    forget(connection, node);
    if (!held.isEmpty()) {
      log.warn("node {} is dead: deliveries taken back: {}", node, held.size());
    }
    return held.size();
  }

  /** The node goes when it holds nothing any more. */
  private void forget(Connection connection, long node) throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(
            connection,
            "DELETE FROM notify_node WHERE id = ?"
                + " AND NOT EXISTS (SELECT 1 FROM notify_delivery WHERE owner = ?)")) {
      statement.setLong(1, node);
      statement.setLong(2, node);
      statement.executeUpdate();
    }
  }

  /** Leaves; what it still holds is free at once. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      transactions.run(connection -> leave(connection));
    } catch (RuntimeException e) {
      log.warn("node {} could not sign off: {}", id, e.getMessage());
    }
  }

  private int leave(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(
            connection,
            "UPDATE notify_delivery SET owner = NULL, status = "
                + Codes.of(DeliveryStatus.PENDING)
                + " WHERE owner = ?")) {
      statement.setLong(1, id);
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        tables.prepare(connection, "DELETE FROM notify_node WHERE id = ?")) {
      statement.setLong(1, id);
      return statement.executeUpdate();
    }
  }
}
