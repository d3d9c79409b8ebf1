package dev.notify.jdbc;

import dev.notify.model.Channel;
import dev.notify.model.Digest;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads what was counted: sums by tuple, made by the database from a range of the primary key. */
final class RollupRows implements RollupStore {

  private static final String SUMS =
      """
      SELECT tuple_id, measure, %1$s SUM(amount) AS amount FROM notify_rollup
      WHERE grain = ? AND bucket >= ? AND bucket < ? GROUP BY tuple_id, measure %2$s""";

  private static final String TUPLES =
      """
      SELECT id, channel, category, template, template_version, experiment, variant, provider,
        segment
      FROM notify_tuple""";

  /** Few, compared with those that have ended, and no counter is kept for them. */
  private static final String OPEN =
      """
      SELECT d.channel, m.category, m.template, m.template_version, m.experiment, m.variant,
        m.segment, %s AS bucket, COUNT(*) AS amount
      FROM notify_delivery d JOIN notify_message m ON m.id = d.message_id
      WHERE m.accepted_at >= ? AND m.accepted_at < ? AND d.channel <> ?
      GROUP BY d.channel, m.category, m.template, m.template_version, m.experiment, m.variant,
        m.segment, %s""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;

  RollupRows(Transactions transactions, Tables tables) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
  }

  @Override
  public List<Amount> amounts(Instant from, Instant until, boolean byTime) {
    return transactions.read(connection -> amounts(connection, from, until, byTime));
  }

  /** Open ones first: one that ends in between is then counted twice, never not at all. */
  private List<Amount> amounts(Connection connection, Instant from, Instant until, boolean byTime)
      throws SQLException {
    Instant first = Statistics.hourOf(from);
    Instant last = Statistics.hourOf(until.minusNanos(1)).plus(1, ChronoUnit.HOURS);
    List<Amount> amounts = new ArrayList<>();
    open(connection, first, last, byTime, amounts);
    List<Sum> sums = new ArrayList<>();
    sums(connection, first, last, byTime, sums);
    Map<UUID, Tuple> tuples = tuples(connection);
    for (Sum sum : sums) {
      Tuple tuple = tuples.get(sum.tuple());
      if (tuple != null) {
        amounts.add(new Amount(sum.time(), tuple, sum.measure(), sum.amount()));
      }
    }
    return amounts;
  }

  private record Sum(Instant time, UUID tuple, int measure, long amount) {}

  /** Hours and days in one statement: hours that become days meanwhile must not count twice. */
  private void sums(Connection connection, Instant from, Instant to, boolean byTime, List<Sum> sums)
      throws SQLException {
    String sql = byTime ? SUMS.formatted("bucket,", ", bucket") : SUMS.formatted("", "");
    try (PreparedStatement statement = tables.prepare(connection, sql + " UNION ALL " + sql)) {
      new Columns(database, statement)
          .number(Rollups.HOUR)
          .time(from)
          .time(to)
          .number(Rollups.DAY)
          .time(from.truncatedTo(ChronoUnit.DAYS))
          .time(to);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sums.add(
              new Sum(
                  byTime ? database.time(rows, "bucket") : from,
                  database.id(rows, "tuple_id"),
                  rows.getInt("measure"),
                  rows.getLong("amount")));
        }
      }
    }
  }

  private Map<UUID, Tuple> tuples(Connection connection) throws SQLException {
    Map<UUID, Tuple> tuples = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, TUPLES);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        tuples.put(database.id(rows, "id"), tuple(rows, Columns.text(rows, "provider")));
      }
    }
    return tuples;
  }

  private static Tuple tuple(ResultSet rows, Optional<String> provider) throws SQLException {
    return new Tuple(
        Channel.of(rows.getString("channel")),
        Columns.labels(rows),
        Columns.assignment(rows),
        provider);
  }

  private void open(
      Connection connection, Instant from, Instant to, boolean byTime, List<Amount> amounts)
      throws SQLException {
    String hour = database.hourOf("m.accepted_at");
    try (PreparedStatement statement = tables.prepare(connection, OPEN.formatted(hour, hour))) {
      new Columns(database, statement).time(from).time(to).text(Digest.CHANNEL.name());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          amounts.add(
              new Amount(
                  byTime ? database.time(rows, "bucket") : from,
                  tuple(rows, Optional.empty()),
                  Stage.OPEN.code(),
                  rows.getLong("amount")));
        }
      }
    }
  }
}
