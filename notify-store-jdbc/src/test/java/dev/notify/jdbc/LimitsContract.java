package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Rate;
import dev.notify.spi.RateLimiter;
import dev.notify.test.RateLimiterContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Caps in a database, with a second process beside the first. */
abstract class LimitsContract extends RateLimiterContract {

  private final Databases database;
  private DataSource source;

  LimitsContract(Databases database) {
    this.database = database;
  }

  @Override
  protected RateLimiter create(InstantSource clock) throws Exception {
    source = database.pooled();
    return limits(clock);
  }

  @Override
  protected RateLimiter another(RateLimiter first, InstantSource clock) throws Exception {
    return limits(clock);
  }

  private Limits limits(InstantSource clock) throws Exception {
    return new Limits(new Transactions(source), tables(), clock);
  }

  private Tables tables() throws Exception {
    try (Connection connection = source.getConnection()) {
      return new Tables(Database.of(connection), TableNames.DEFAULT);
    }
  }

  @Test
  void periodsThatHaveEndedAreDeletedAndOthersStay() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-02T09:00:00Z"));
    Limits limits = limits(now::get);
    Rate hourly = new Rate(1, Duration.ofHours(1));
    Rate daily = new Rate(1, Duration.ofDays(1));
    limits.tryAcquire("john", hourly);
    limits.tryAcquire("jane", daily);
    addPeriods(700, now.get().plus(Duration.ofHours(1)));
    now.set(now.get().plus(Duration.ofHours(2)));

    new EndedRows(new Transactions(source), tables(), now::get, "notify_limit").prune(() -> true);

    assertThat(TableScan.count(source, "notify_limit")).isEqualTo(1);
    assertThat(limits.peek("jane", daily)).contains(Duration.ofHours(22));
  }

  /** More than are deleted at a time. */
  private void addPeriods(int count, Instant end) throws Exception {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "INSERT INTO notify_limit (key_hash, taken, ends_at) VALUES (?, 1, ?)")) {
      connection.setAutoCommit(false);
      Columns columns = new Columns(Database.of(connection), statement);
      for (int i = 0; i < count; i++) {
        columns.bytes(Sha256.of("some " + i)).time(end).addBatch();
      }
      statement.executeBatch();
      connection.commit();
    }
  }
}
