package dev.notify.jdbc;

import dev.notify.model.Rate;
import dev.notify.spi.RateLimiter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Caps that hold for all processes together. A permit is taken by one statement that changes its
 * row only if one is left, so the count is exact whoever comes at the same moment. A period begins
 * with its first permit.
 */
final class Limits implements RateLimiter {

  /** The count comes first: MariaDB sets one column after the other. */
  private static final String TAKE =
      """
      UPDATE notify_limit SET
        taken = CASE WHEN ends_at <= ? THEN 1 ELSE taken + 1 END,
        ends_at = CASE WHEN ends_at <= ? THEN ? ELSE ends_at END
      WHERE key_hash = ? AND (taken < ? OR ends_at <= ?)""";

  private static final String BEGIN =
      "INSERT INTO notify_limit (key_hash, taken, ends_at) VALUES (?, 1, ?)";

  private static final String LOOK = "SELECT taken, ends_at FROM notify_limit WHERE key_hash = ?";

  private static final String GIVE_BACK =
      """
      UPDATE notify_limit SET taken = taken - 1
      WHERE key_hash = ? AND taken > 0 AND ends_at > ?""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final InstantSource clock;

  Limits(Transactions transactions, Tables tables, InstantSource clock) {
    this.transactions = transactions;
    this.tables = tables;
    this.database = tables.database();
    this.clock = clock;
  }

  @Override
  public Optional<Duration> tryAcquire(String key, Rate rate) {
    byte[] hash = hash(key, rate);
    while (true) {
      Instant now = clock.instant();
      if (take(hash, rate, now)) {
        return Optional.empty();
      }
      Optional<Duration> wait = look(hash, rate, now);
      if (wait.isPresent() || begin(hash, now.plus(rate.period()))) {
        return wait;
      }
      // Somebody else began the period, gave a permit back or ended it in between.
    }
  }

  private boolean take(byte[] hash, Rate rate, Instant now) {
    return transactions.runAlone(
        connection -> {
          try (PreparedStatement statement = tables.prepare(connection, TAKE)) {
            new Columns(database, statement)
                .time(now)
                .time(now)
                .time(now.plus(rate.period()))
                .bytes(hash)
                .number(rate.count())
                .time(now);
            return statement.executeUpdate() == 1;
          }
        });
  }

  private boolean begin(byte[] hash, Instant end) {
    return transactions.runAlone(
        connection -> {
          try (PreparedStatement statement = tables.prepare(connection, BEGIN)) {
            new Columns(database, statement).bytes(hash).time(end);
            return statement.executeUpdate() == 1;
          } catch (SQLException e) {
            if (isDuplicate(e)) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Told by the error: what MariaDB counts for an insert without effect depends on its driver. */
  private static boolean isDuplicate(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("23");
  }

  @Override
  public Optional<Duration> peek(String key, Rate rate) {
    return look(hash(key, rate), rate, clock.instant());
  }

  private Optional<Duration> look(byte[] hash, Rate rate, Instant now) {
    return transactions.read(connection -> look(connection, hash, rate, now));
  }

  private Optional<Duration> look(Connection connection, byte[] hash, Rate rate, Instant now)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, LOOK)) {
      new Columns(database, statement).bytes(hash);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next() || rows.getLong("taken") < rate.count()) {
          return Optional.empty();
        }
        Instant end = database.time(rows, "ends_at");
        return end.isAfter(now) ? Optional.of(Duration.between(now, end)) : Optional.empty();
      }
    }
  }

  @Override
  public void release(String key, Rate rate) {
    boolean ignored =
        transactions.runAlone(
            connection -> {
              try (PreparedStatement statement = tables.prepare(connection, GIVE_BACK)) {
                new Columns(database, statement).bytes(hash(key, rate)).time(clock.instant());
                return statement.executeUpdate() == 1;
              }
            });
  }

  private static byte[] hash(String key, Rate rate) {
    return Sha256.of("notify limit\0" + rate.count() + "/" + rate.period() + "\0" + key);
  }
}
