package dev.notify.jdbc;

import dev.notify.jdbc.Counters.Column;
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
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts what happens in the transaction in which it happens, so that nobody needs to count rows.
 * Added to at the end of a transaction: the counters it has touched are locked until it commits.
 */
final class Counts {

  /** Two processes that draw the same one wait for each other now and then, no more. */
  private static final int SHARDS = 64;

  /** The scope under which all deliveries are counted; those of a broadcast under its id, too. */
  static final UUID EVERYTHING = new UUID(0, 0);

  private static final String SUM =
      "SELECT type, SUM(amount) AS amount FROM notify_count WHERE scope = ? GROUP BY type";

  private static final String HOURS =
      """
      SELECT bucket, channel, type, SUM(amount) AS amount FROM (
        SELECT bucket, channel, type, amount FROM notify_count
        WHERE scope = ? AND bucket >= ? AND bucket < ?
        UNION ALL
        SELECT ended_hour, channel, type, 1 FROM notify_tally
        WHERE ended_hour >= ? AND ended_hour < ?) told
      GROUP BY bucket, channel, type""";

  private static final Comparator<Amount> BY_HOUR =
      Comparator.comparing(Amount::hour).thenComparing(Amount::channel).thenComparing(Amount::type);

  private static final List<Column<Key>> KEY =
      List.of(
          Column.id("scope", Key::scope),
          Column.time("bucket", Key::bucket),
          Column.text("channel", key -> key.channel().name()),
          Column.number("type", key -> Codes.of(key.type())));

  private final Tables tables;
  private final Database database;
  private final Counters<Key> counters;
  private final int shard = ThreadLocalRandom.current().nextInt(SHARDS);

  Counts(Tables tables) {
    this.tables = tables;
    database = tables.database();
    counters = new Counters<>(tables, "notify_count", KEY);
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

  /** Counts deliveries that have come to an end. */
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

  /** Adds to counters. */
  void add(Connection connection, Map<Key, Long> amounts, int toShard) throws SQLException {
    counters.add(connection, amounts, toShard);
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
      Instant first = Statistics.hourOf(from);
      new Columns(database, statement).id(EVERYTHING).time(first).time(to).time(first).time(to);
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
