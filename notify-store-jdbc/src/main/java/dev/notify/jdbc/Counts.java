package dev.notify.jdbc;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  static final String DUPLICATE_KEY = "23505";

  private static final String INSERT =
      "INSERT INTO notify_count (scope, bucket, channel, type, shard, amount)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private static final String POSTGRESQL =
      INSERT.replace("notify_count", "notify_count AS c")
          + " ON CONFLICT (scope, bucket, channel, type, shard)"
          + " DO UPDATE SET amount = c.amount + EXCLUDED.amount";

  private static final String MARIADB =
      INSERT + " ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)";

  private static final String UPDATE =
      "UPDATE notify_count SET amount = amount + ?"
          + " WHERE scope = ? AND bucket = ? AND channel = ? AND type = ? AND shard = ?";

  private static final String SUM =
      "SELECT type, SUM(amount) AS amount FROM notify_count WHERE scope = ? GROUP BY type";

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
   * @param scope what it belongs to, a broadcast for example
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
      return new Key(scope, at.truncatedTo(ChronoUnit.HOURS), channel, type);
    }

    /** Whoever locks several, locks them in this order. */
    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Counts deliveries of broadcasts that have come to an end. */
  void ended(Connection connection, List<Delivery> deliveries) throws SQLException {
    Map<Key, Long> amounts = new HashMap<>();
    for (Delivery delivery : deliveries) {
      if (delivery.broadcast().isPresent()) {
        Type type = Type.valueOf(delivery.status().name());
        UUID scope = delivery.broadcast().get().value();
        amounts.merge(Key.of(scope, delivery.channel(), type, delivery.updatedAt()), 1L, Long::sum);
      }
    }
    add(connection, amounts);
  }

  /** Counts an event of a delivery, if that is part of a broadcast. */
  void happened(Connection connection, Delivery delivery, DeliveryEvent.Type type, Instant at)
      throws SQLException {
    if (delivery.broadcast().isPresent()) {
      Key key = Key.of(delivery.broadcast().get().value(), delivery.channel(), type, at);
      add(connection, Map.of(key, 1L));
    }
  }

  /** Adds to counters, in one batch. */
  void add(Connection connection, Map<Key, Long> amounts) throws SQLException {
    if (amounts.isEmpty()) {
      return;
    }
    TreeMap<Key, Long> inOrder = new TreeMap<>(amounts);
    if (database == Database.H2) {
      for (Map.Entry<Key, Long> one : inOrder.entrySet()) {
        addOne(connection, one.getKey(), one.getValue());
      }
      return;
    }
    String sql = database == Database.POSTGRESQL ? POSTGRESQL : MARIADB;
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      Columns columns = new Columns(database, statement);
      for (Map.Entry<Key, Long> one : inOrder.entrySet()) {
        set(columns, one.getKey()).number(one.getValue().longValue()).addBatch();
      }
      statement.executeBatch();
    }
  }

  private Columns set(Columns columns, Key key) throws SQLException {
    return columns
        .id(key.scope())
        .time(key.bucket())
        .text(key.channel().name())
        .number(Codes.of(key.type()))
        .number(shard);
  }

  /** H2 has no insert that would update. */
  private void addOne(Connection connection, Key key, long amount) throws SQLException {
    if (update(connection, key, amount)) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      set(new Columns(database, statement), key).number(amount);
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!DUPLICATE_KEY.equals(e.getSQLState()) || !update(connection, key, amount)) {
        throw e;
      }
    }
  }

  private boolean update(Connection connection, Key key, long amount) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, UPDATE)) {
      set(new Columns(database, statement).number(amount), key);
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
}
