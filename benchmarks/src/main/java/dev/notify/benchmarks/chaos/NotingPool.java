package dev.notify.benchmarks.chaos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A pool that notes when somebody waited long for a connection. One whose server was away asks for
 * it again after longer and longer pauses, and may not know for seconds that it is back.
 */
final class NotingPool extends HikariDataSource {

  private static final long SHORT_MICROS = 100_000;

  private final Journal journal;
  private final RunClock clock;

  NotingPool(HikariConfig config, Journal journal, RunClock clock) {
    super(config);
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public Connection getConnection() throws SQLException {
    long began = clock.now();
    try {
      Connection connection = super.getConnection();
      note(began);
      return connection;
    } catch (SQLException e) {
      note(began);
      throw e;
    }
  }

  private void note(long began) {
    long now = clock.now();
    if (now - began > SHORT_MICROS) {
      journal.writeAt(now, What.WAITED, "since", began);
    }
  }
}
