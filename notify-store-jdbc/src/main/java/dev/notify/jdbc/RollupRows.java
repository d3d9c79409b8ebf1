package dev.notify.jdbc;

import dev.notify.model.Digest;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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

  private static final String TALLY =
      """
      SELECT tuple_id, measure, %1$s COUNT(*) AS amount FROM notify_tally
      WHERE measure IS NOT NULL AND accepted_hour >= ? AND accepted_hour < ?
      GROUP BY tuple_id, measure %2$s""";

  private static final String TUPLES =
      "SELECT id, "
          + Tuples.COLUMNS
          + " FROM notify_tuple UNION SELECT tuple_id, "
          + Tuples.COLUMNS
          + " FROM notify_tally WHERE measure IS NOT NULL";

  /** The noon of a day, by which days belong to somebody. */
  private static final Duration NOON = Duration.ofHours(12);

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

  /**
   * Hours, days and tallies in one statement: what becomes another meanwhile must not count twice.
   */
  private void sums(Connection connection, Instant from, Instant to, boolean byTime, List<Sum> sums)
      throws SQLException {
    String each = byTime ? SUMS.formatted("bucket,", ", bucket") : SUMS.formatted("", "");
    String tally =
        byTime
            ? TALLY.formatted("accepted_hour AS bucket,", ", accepted_hour")
            : TALLY.formatted("", "");
    String sql = String.join(" UNION ALL ", each, each, tally);
    Instant firstDay = firstDay(from, to);
    Instant lastDay = to.minus(NOON);
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement)
          .number(Rollups.HOUR)
          .time(from)
          .time(to)
          .number(Rollups.DAY)
          .time(firstDay)
          .time(lastDay.isAfter(firstDay) ? lastDay : firstDay.plusNanos(1_000))
          .time(from)
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

  /**
   * A day belongs to whoever asks for its noon: so each is in one of several times that follow each
   * other, and a day of any zone has one. A time without a noon has the day in which it begins.
   */
  private static Instant firstDay(Instant from, Instant to) {
    Instant noon = from.truncatedTo(ChronoUnit.DAYS).plus(NOON);
    Instant first = noon.isBefore(from) ? noon.plus(1, ChronoUnit.DAYS) : noon;
    return (first.isBefore(to) ? first : from).truncatedTo(ChronoUnit.DAYS);
  }

  private Map<UUID, Tuple> tuples(Connection connection) throws SQLException {
    Map<UUID, Tuple> tuples = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, TUPLES);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        tuples.put(database.id(rows, "id"), Tuples.read(rows, Columns.text(rows, "provider")));
      }
    }
    return tuples;
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
                  Tuples.read(rows, Optional.empty()),
                  Stage.OPEN.code(),
                  rows.getLong("amount")));
        }
      }
    }
  }
}
