package dev.notify.jdbc;

import static dev.notify.jdbc.ColumnArrays.time;

import dev.notify.model.Assignment;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Reason;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import dev.notify.spi.RollupStore.Tuple;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts for analytics in the transaction in which something happens, by the hour in which its
 * delivery was accepted. What a batch counts mostly falls into few counters.
 */
final class Rollups {

  static final int HOUR = 1;
  static final int DAY = 24;

  private static final int MOST_KNOWN = 10_000;

  private static final String STANDS = "SELECT 1 FROM notify_tuple WHERE id = ?";

  private static final String TUPLE =
      """
      INSERT INTO notify_tuple (id, channel, category, template, template_version, experiment,
        variant, provider, segment)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String INSERT =
      "INSERT INTO notify_rollup (grain, bucket, tuple_id, measure, shard, amount)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private static final String POSTGRESQL =
      """
      INSERT INTO notify_rollup AS r (grain, bucket, tuple_id, measure, shard, amount)
      SELECT grain, %s, tuple_id, measure, ?, amount
      FROM unnest(?::bigint[], ?::bigint[], ?::uuid[], ?::bigint[], ?::bigint[])
        AS one (grain, bucket, tuple_id, measure, amount)
      ON CONFLICT (grain, bucket, tuple_id, measure, shard)
        DO UPDATE SET amount = r.amount + EXCLUDED.amount"""
          .formatted(time("bucket"));

  private static final String MARIADB =
      INSERT + " ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)";

  private static final String UPDATE =
      "UPDATE notify_rollup SET amount = amount + ?"
          + " WHERE grain = ? AND bucket = ? AND tuple_id = ? AND measure = ? AND shard = ?";

  private static final String TOLD =
      """
      SELECT 1 FROM notify_event
      WHERE delivery_id = ? AND type IN (?, ?) AND (reason_code IS NULL OR reason_code <> ?)
      LIMIT 1""";

  private final Tables tables;
  private final Database database;

  /** Tuples that surely stand in their table. */
  private final Set<UUID> standing = ConcurrentHashMap.newKeySet();

  private final ConcurrentHashMap<Tuple, UUID> ids = new ConcurrentHashMap<>();

  Rollups(Tables tables) {
    this.tables = tables;
    database = tables.database();
  }

  /** What is counted of a tuple. */
  record Key(Instant bucket, Tuple tuple, int measure) {}

  /**
   * A counter.
   *
   * @param grain how many hours it is for
   */
  record Counter(int grain, Instant bucket, UUID tuple, int measure)
      implements Comparable<Counter> {

    private static final Comparator<Counter> ORDER =
        Comparator.comparingInt(Counter::grain)
            .thenComparing(Counter::bucket)
            .thenComparing(Counter::tuple)
            .thenComparingInt(Counter::measure);

    /** Whoever locks several, locks them in this order. */
    @Override
    public int compareTo(Counter other) {
      return ORDER.compare(this, other);
    }
  }

  /** Adds that a delivery came to where it stands to what is to be counted. */
  static void note(Map<Key, Long> amounts, Delivery delivery, boolean wasOpen) {
    Map<Integer, Long> measures = RollupStore.measures(delivery, wasOpen);
    if (!measures.isEmpty()) {
      Tuple tuple = Tuple.of(delivery, delivery.provider());
      Instant bucket = Statistics.hourOf(delivery.createdAt());
      measures.forEach(
          (measure, amount) -> amounts.merge(new Key(bucket, tuple, measure), amount, Long::sum));
    }
  }

  /** Adds that a delivery came to a stage by an event, if nothing like it was told before. */
  void note(Connection connection, Map<Key, Long> amounts, Delivery delivery, DeliveryEvent event)
      throws SQLException {
    Optional<Stage> stage = RollupStore.stage(event);
    if (stage.isPresent() && RollupStore.isCounted(delivery) && !wasTold(connection, event)) {
      Instant bucket = Statistics.hourOf(delivery.createdAt());
      Tuple tuple = Tuple.of(delivery, event.provider());
      amounts.merge(new Key(bucket, tuple, stage.get().code()), 1L, Long::sum);
    }
  }

  private boolean wasTold(Connection connection, DeliveryEvent event) throws SQLException {
    List<Integer> types = RollupStore.alike(event.type()).stream().map(Codes::of).toList();
    try (PreparedStatement statement = tables.prepare(connection, TOLD)) {
      new Columns(database, statement)
          .id(event.deliveryId().value())
          .number(types.get(0))
          .number(types.get(types.size() - 1))
          .text(Reason.MACHINE);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Counts deliveries that have come to an end. */
  void ended(Connection connection, List<Delivery> deliveries, int shard, boolean apart)
      throws SQLException {
    Map<Key, Long> amounts = new HashMap<>();
    for (Delivery delivery : deliveries) {
      note(amounts, delivery, true);
    }
    add(connection, amounts, shard, apart);
  }

  /**
   * Adds to counters.
   *
   * @param apart whether it is a transaction that may take long, and do more like this
   */
  void add(Connection connection, Map<Key, Long> amounts, int shard, boolean apart)
      throws SQLException {
    if (amounts.isEmpty()) {
      return;
    }
    TreeMap<Counter, Long> counters = new TreeMap<>();
    Map<UUID, Tuple> unknown = new TreeMap<>();
    amounts.forEach(
        (key, amount) -> {
          UUID id = apart ? apart(id(key.tuple()), shard) : id(key.tuple());
          if (!standing.contains(id)) {
            unknown.put(id, key.tuple());
          }
          counters.merge(new Counter(HOUR, key.bucket(), id, key.measure()), amount, Long::sum);
        });
    for (Map.Entry<UUID, Tuple> one : unknown.entrySet()) {
      introduce(connection, one.getKey(), one.getValue(), apart);
    }
    addTo(connection, counters, shard);
  }

  /**
   * A tuple is kept once more for each place apart: nobody is to wait for the end of a transaction
   * of the application's that was the first to need it.
   */
  private static UUID apart(UUID id, int shard) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + shard);
  }

  /**
   * Keeps a tuple. Only one that was found is known to stand: what is written here may be rolled
   * back, and so may what was written earlier in a transaction of the application's.
   */
  private void introduce(Connection connection, UUID id, Tuple tuple, boolean apart)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, STANDS)) {
      new Columns(database, statement).id(id);
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          if (!apart) {
            keep(id);
          }
          return;
        }
      }
    }
    try (PreparedStatement statement = tables.prepare(connection, database.insertOnce(TUPLE))) {
      new Columns(database, statement)
          .id(id)
          .text(tuple.channel().name())
          .text(tuple.labels().category())
          .text(tuple.labels().template())
          .number(tuple.labels().version())
          .text(tuple.assignment().map(Assignment::experiment))
          .text(tuple.assignment().map(Assignment::variant))
          .text(tuple.provider())
          .text(tuple.labels().segment());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw toBeDoneAgain(e);
    }
  }

  private void keep(UUID id) {
    if (standing.size() >= MOST_KNOWN) {
      standing.clear();
    }
    standing.add(id);
  }

  /** H2 finds no row, and then one that somebody else has just written: as if they had collided. */
  private static SQLException toBeDoneAgain(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("23")
        ? new SQLTransactionRollbackException("a row was written meanwhile", "40001", e)
        : e;
  }

  private UUID id(Tuple tuple) {
    if (ids.size() >= MOST_KNOWN) {
      ids.clear();
    }
    return ids.computeIfAbsent(tuple, Rollups::hash);
  }

  private static UUID hash(Tuple tuple) {
    String parts =
        String.join(
            "\0",
            "notify tuple",
            tuple.channel().name(),
            tuple.labels().category(),
            tuple.labels().template().orElse(""),
            "" + tuple.labels().version(),
            tuple.assignment().map(Assignment::experiment).orElse(""),
            tuple.assignment().map(Assignment::variant).orElse(""),
            tuple.provider().orElse(""),
            tuple.labels().segment().orElse(""));
    ByteBuffer hash = ByteBuffer.wrap(Acceptance.hash(parts));
    return new UUID(hash.getLong(), hash.getLong());
  }

  /** Adds to counters, at once if the database can. */
  void addTo(Connection connection, TreeMap<Counter, Long> counters, int shard)
      throws SQLException {
    switch (database) {
      case POSTGRESQL -> addAtOnce(connection, counters, shard);
      case MARIADB -> addInBatch(connection, counters, shard);
      case H2 -> {
        for (Map.Entry<Counter, Long> one : counters.entrySet()) {
          addOne(connection, one, shard);
        }
      }
    }
  }

  private void addAtOnce(Connection connection, TreeMap<Counter, Long> counters, int shard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, POSTGRESQL)) {
      statement.setInt(1, shard);
      int ignored =
          new ColumnArrays<>(statement, 1, counters.entrySet())
              .numbers(one -> (long) one.getKey().grain())
              .times(one -> one.getKey().bucket())
              .ids(one -> one.getKey().tuple())
              .numbers(one -> (long) one.getKey().measure())
              .numbers(one -> one.getValue())
              .index();
      statement.executeUpdate();
    }
  }

  private void addInBatch(Connection connection, TreeMap<Counter, Long> counters, int shard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, MARIADB)) {
      Columns columns = new Columns(database, statement);
      for (Map.Entry<Counter, Long> one : counters.entrySet()) {
        set(columns, one.getKey(), shard).number(one.getValue().longValue()).addBatch();
      }
      statement.executeBatch();
    }
  }

  static Columns set(Columns columns, Counter counter, int shard) throws SQLException {
    return columns
        .number(counter.grain())
        .time(counter.bucket())
        .id(counter.tuple())
        .number(counter.measure())
        .number(shard);
  }

  /** H2 has no insert that would update. */
  private void addOne(Connection connection, Map.Entry<Counter, Long> one, int shard)
      throws SQLException {
    if (update(connection, one, shard)) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      set(new Columns(database, statement), one.getKey(), shard).number(one.getValue().longValue());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!Counts.DUPLICATE_KEY.equals(e.getSQLState()) || !update(connection, one, shard)) {
        throw e;
      }
    }
  }

  private boolean update(Connection connection, Map.Entry<Counter, Long> one, int shard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, UPDATE)) {
      Columns columns = new Columns(database, statement).number(one.getValue().longValue());
      set(columns, one.getKey(), shard);
      return statement.executeUpdate() > 0;
    }
  }
}
