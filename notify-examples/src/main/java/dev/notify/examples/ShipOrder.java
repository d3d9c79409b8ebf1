package dev.notify.examples;

import dev.notify.NotificationDispatcher;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.webhook.LogProvider;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * Ships orders and tells their buyers, in one transaction: the notification exists exactly if the
 * order was shipped. On an embedded database, with nothing installed.
 */
final class ShipOrder {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final DataSource database;
  private final NotificationDispatcher dispatcher;

  private ShipOrder(DataSource database, NotificationDispatcher dispatcher) {
    this.database = database;
    this.dispatcher = dispatcher;
  }

  static void run(List<String> arguments, PrintStream out) {
    JdbcConnectionPool database =
        JdbcConnectionPool.create("jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1", "", "");
    CountDownLatch told = new CountDownLatch(1);
    try {
      prepare(database);
      try (NotificationDispatcher dispatcher =
          NotificationDispatcher.builder()
              .store(JdbcStore.of(database))
              .provider(LogProvider.of(Channel.EMAIL))
              .listener(
                  event -> {
                    if (event.type().status().isPresent() && event.provider().isPresent()) {
                      told.countDown();
                    }
                  })
              .build()) {
        ShipOrder shop = new ShipOrder(database, dispatcher);
        out.println("order 1017: " + shop.ship(1017, true));
        out.println("order 1018: " + shop.ship(1018, false));
        await(told);
      }
      out.println("shipped: " + count(database, "SELECT COUNT(*) FROM orders WHERE shipped"));
      out.println("told: " + count(database, "SELECT COUNT(*) FROM notify_message"));
    } catch (SQLException e) {
      throw new IllegalStateException("the embedded database failed", e);
    } finally {
      database.dispose();
    }
  }

  /** All of it, or nothing. */
  private String ship(long order, boolean isInStock) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE orders SET shipped = TRUE WHERE id = ?")) {
        update.setLong(1, order);
        update.executeUpdate();
      }
      dispatcher
          .inTransaction(connection)
          .send(
              Notification.to(Address.email("buyer-" + order + "@example.com"))
                  .title("Order " + order)
                  .body("Your order is on its way.")
                  .idempotencyKey("shipped-" + order)
                  .build());
      if (!isInStock) {
        connection.rollback();
        return "not in stock after all: neither shipped nor told";
      }
      connection.commit();
      return "shipped and told";
    }
  }

  private static void prepare(DataSource database) throws SQLException {
    JdbcSchema.migrate(database);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id BIGINT PRIMARY KEY, shipped BOOLEAN NOT NULL)");
      statement.execute("INSERT INTO orders VALUES (1017, FALSE), (1018, FALSE)");
    }
  }

  private static void await(CountDownLatch told) {
    try {
      if (!told.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody was told within " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long count(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
