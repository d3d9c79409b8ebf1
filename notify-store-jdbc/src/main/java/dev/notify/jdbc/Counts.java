package dev.notify.jdbc;

import static dev.notify.jdbc.ColumnArrays.time;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Statistics;
import dev.notify.model.Statistics.Amount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts what happens in the transaction in which it happens, so that nobody needs to count rows.
 * Added to at the end of a transaction: the counters it has touched are locked until it commits.
 */
final class Counts {

  /** Two processes that draw the same one wait for each other now and then, no more. */
  private static final int SHARDS = 64;

  private static final int SHARDS_APART = 256;

  /** The scope under which all deliveries are counted; those of a broadcast under its id, too. */
  static final UUID EVERYTHING = new UUID(0, 0);

  static final String DUPLICATE_KEY = "23505";

  private static final String INSERT =
      "INSERT INTO notify_count (scope, bucket, channel, type, shard, amount)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private static final String POSTGRESQL =
      """
      INSERT INTO notify_count AS c (scope, bucket, channel, type, shard, amount)
      SELECT scope, %s, channel, type, ?, amount
      FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[])
        AS one (scope, bucket, channel, type, amount)
      ON CONFLICT (scope, bucket, channel, type, shard)
        DO UPDATE SET amount = c.amount + EXCLUDED.amount"""
          .formatted(time("bucket"));

  private static final String MARIADB =
      INSERT + " ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)";

  private static final String UPDATE =
      "UPDATE notify_count SET amount = amount + ?"
          + " WHERE scope = ? AND bucket = ? AND channel = ? AND type = ? AND shard = ?";

  private static final String SUM =
      "SELECT type, SUM(amount) AS amount FROM notify_count WHERE scope = ? GROUP BY type";

  private static final String HOURS =
      """
      SELECT bucket, channel, type, SUM(amount) AS amount FROM notify_count
      WHERE scope = ? AND bucket >= ? AND bucket < ? GROUP BY bucket, channel, type""";

  private static final Comparator<Amount> BY_HOUR =
      Comparator.comparing(Amount::hour).thenComparing(Amount::channel).thenComparing(Amount::type);

  private final Tables tables;
  private final Database database;
  private final int shard = ThreadLocalRandom.current().nextInt(SHARDS);

  Counts(Tables tables) {
    this.tables = tables;
    database = tables.database();
  }

  /**
   * What is counted.
   *
   * @param scope a broadcast, or everything
   * @param bucket the hour it happened in
   * @param channel where
   * @param type what happened
   */
  record Key(UUID scope, Instant bucket, Channel channel, Type type) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::scope)
            .thenComparing(Key::bucket)
            .thenComparing(Key::channel)
            .thenComparing(Key::type);

    static Key of(UUID scope, Channel channel, Type type, Instant at) {
      return new Key(scope, Statistics.hourOf(at), channel, type);
    }

    /** Whoever locks several, locks them in this order. */
    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Counts deliveries that have come to an end; alone, or with others that do so elsewhere. */
  void ended(Connection connection, List<Delivery> deliveries, int shard) throws SQLException {
    Map<Key, Long> amounts = new HashMap<>();
    for (Delivery delivery : deliveries) {
      note(amounts, delivery, Type.valueOf(delivery.status().name()), delivery.updatedAt());
    }
    add(connection, amounts, shard);
  }

  /** Adds what has happened to a delivery to what is to be counted at the end of a transaction. */
  static void note(Map<Key, Long> amounts, Delivery delivery, Type type, Instant at) {
    amounts.merge(Key.of(EVERYTHING, delivery.channel(), type, at), 1L, Long::sum);
    if (delivery.broadcast().isPresent()) {
      UUID scope = delivery.broadcast().get().value();
      amounts.merge(Key.of(scope, delivery.channel(), type, at), 1L, Long::sum);
    }
  }

  /** Where this process counts in its own transactions. */
  int shard() {
    return shard;
  }

  /**
   * Where is counted in a transaction that may take long, the application's for example: the
   * process must not wait for its end each time it writes outcomes.
   */
  int shardApart() {
    return SHARDS + ThreadLocalRandom.current().nextInt(SHARDS_APART);
  }

  /** Adds to counters, at once if the database can. */
  void add(Connection connection, Map<Key, Long> amounts, int toShard) throws SQLException {
    if (amounts.isEmpty()) {
      return;
    }
    TreeMap<Key, Long> inOrder = new TreeMap<>(amounts);
    switch (database) {
      case POSTGRESQL -> addAtOnce(connection, inOrder, toShard);
      case MARIADB -> addInBatch(connection, inOrder, toShard);
      case H2 -> {
        for (Map.Entry<Key, Long> one : inOrder.entrySet()) {
          addOne(connection, one, toShard);
        }
      }
    }
  }

  private void addAtOnce(Connection connection, TreeMap<Key, Long> amounts, int toShard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, POSTGRESQL)) {
      statement.setInt(1, toShard);
      int ignored =
          new ColumnArrays<>(statement, 1, amounts.entrySet())
              .ids(one -> one.getKey().scope())
              .times(one -> one.getKey().bucket())
              .texts(one -> one.getKey().channel().name())
              .numbers(one -> (long) Codes.of(one.getKey().type()))
              .numbers(one -> one.getValue())
              .index();
      statement.executeUpdate();
    }
  }

  private void addInBatch(Connection connection, TreeMap<Key, Long> amounts, int toShard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, MARIADB)) {
      Columns columns = new Columns(database, statement);
      for (Map.Entry<Key, Long> one : amounts.entrySet()) {
        set(columns, one.getKey(), toShard).number(one.getValue().longValue()).addBatch();
      }
      statement.executeBatch();
    }
  }

  private static Columns set(Columns columns, Key key, int toShard) throws SQLException {
    return columns
        .id(key.scope())
        .time(key.bucket())
        .text(key.channel().name())
        .number(Codes.of(key.type()))
        .number(toShard);
  }

  /** H2 has no insert that would update. */
  private void addOne(Connection connection, Map.Entry<Key, Long> one, int toShard)
      throws SQLException {
    if (update(connection, one, toShard)) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      set(new Columns(database, statement), one.getKey(), toShard)
          .number(one.getValue().longValue());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!DUPLICATE_KEY.equals(e.getSQLState()) || !update(connection, one, toShard)) {
        throw e;
      }
    }
  }

  private boolean update(Connection connection, Map.Entry<Key, Long> one, int toShard)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, UPDATE)) {
      Columns columns = new Columns(database, statement).number(one.getValue().longValue());
      set(columns, one.getKey(), toShard);
      return statement.executeUpdate() > 0;
    }
  }

  /** All that was counted of a scope, whenever and on whichever channel. */
  Map<Type, Long> sum(Connection connection, UUID scope) throws SQLException {
    Map<Type, Long> sums = new EnumMap<>(Type.class);
    try (PreparedStatement statement = tables.prepare(connection, SUM)) {
      new Columns(database, statement).id(scope);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sums.put(Codes.event(rows.getInt("type")), rows.getLong("amount"));
        }
      }
    }
    return sums;
  }

  /** All that was counted in the hours that touch this time. */
  Statistics statistics(Connection connection, Instant from, Instant to) throws SQLException {
    List<Amount> amounts = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, HOURS)) {
      new Columns(database, statement).id(EVERYTHING).time(Statistics.hourOf(from)).time(to);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          amounts.add(
              new Amount(
                  database.time(rows, "bucket"),
                  Channel.of(rows.getString("channel")),
                  Codes.event(rows.getInt("type")),
                  rows.getLong("amount")));
        }
      }
    }
    amounts.sort(BY_HOUR);
    return new Statistics(from, to, amounts);
  }
}
