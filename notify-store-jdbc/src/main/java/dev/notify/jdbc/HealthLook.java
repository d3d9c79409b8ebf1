package dev.notify.jdbc;

import dev.notify.model.Health.NodeHealth;
import dev.notify.model.Health.StoreHealth;
import dev.notify.model.Lane;
import dev.notify.model.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database how things stand, for two seconds at most: a pool that has no connection to
 * give may take far longer to say so. Those who ask at the same time share one answer.
 */
final class HealthLook implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final int MOST_STUCK = 100;

  private static final String OLDEST =
      """
      SELECT MIN(due) AS due FROM notify_delivery
      WHERE owner IS NULL AND channel = ? AND priority = ? AND due <= ?""";

  private static final String LIVE = "SELECT COUNT(*) FROM notify_node WHERE heartbeat_at >= ?";

  private static final String STUCK =
      """
      SELECT COUNT(*) FROM (SELECT id FROM notify_delivery WHERE owner IS NOT NULL
        AND owner NOT IN (SELECT id FROM notify_node WHERE heartbeat_at >= ?) LIMIT ?) stuck""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Node node;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Daemons.named("notify-health"));

  private @Nullable Future<StoreHealth> underWay;

  HealthLook(Transactions transactions, Tables tables, Node node) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.node = node;
  }

  StoreHealth ask(Set<Lane> lanes) {
    try {
      return underWay(lanes).get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | RejectedExecutionException e) {
      return unreachable("the database did not answer within " + LONGEST.toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return unreachable(
          cause instanceof RefusedException refused
              ? refused.getMessage()
              : "asking it threw " + String.valueOf(cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unreachable("interrupted while asking the database");
    }
  }

  private StoreHealth unreachable(String fault) {
    return new StoreHealth(Optional.of(fault), Optional.of(here(0)), Map.of(), 0);
  }

  private NodeHealth here(int live) {
    return new NodeHealth(node.toString(), node.isInCharge(), node.heartbeatAge(), live);
  }

  /** One that hangs is waited for by those who come later, and not asked once more by each. */
  private synchronized Future<StoreHealth> underWay(Set<Lane> lanes) {
    if (underWay == null || underWay.isDone()) {
      underWay = thread.submit(() -> transactions.run(connection -> look(connection, lanes)));
    }
    return underWay;
  }

  private StoreHealth look(Connection connection, Set<Lane> lanes) throws SQLException {
    Instant now = Node.now(connection, database);
    Map<Lane, Duration> lateness = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, OLDEST)) {
      for (Lane lane : lanes) {
        new Columns(database, statement)
            .text(lane.channel().name())
            .number(Codes.of(lane.priority()))
            .time(now);
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next() && rows.getObject("due") != null) {
            lateness.put(lane, Duration.between(database.time(rows, "due"), now));
          }
        }
      }
    }
    int live = count(connection, LIVE, columns -> columns.time(now.minus(node.lease())));
    // Only those that nobody has taken over in good time.
    int stuck =
        count(
            connection,
            STUCK,
            columns -> columns.time(now.minus(node.lease().multipliedBy(3))).number(MOST_STUCK));
    return new StoreHealth(Optional.empty(), Optional.of(here(live)), lateness, stuck);
  }

  private int count(Connection connection, String sql, Columns.Setter parameters)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      parameters.set(new Columns(database, statement));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
