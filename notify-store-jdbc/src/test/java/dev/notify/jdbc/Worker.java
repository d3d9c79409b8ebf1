package dev.notify.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An application in a process of its own, for tests that kill or pause it. It sends as fast as it
 * can and prints the id of each notification once it was accepted; its provider writes every call
 * into a table, so that what it did outlives it.
 */
final class Worker {

  private Worker() {}

  /** Arguments: JDBC URL, node name, how many to send, milliseconds that a provider call takes. */
  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    int count = Integer.parseInt(arguments[2]);
    long millis = Long.parseLong(arguments[3]);
    DataSource source = pooled(url);
    NotificationDispatcher dispatcher =
        dispatcher(source, arguments[1], calls(source, arguments[1], millis));
    System.out.println("ready");
    for (int i = 0; i < count; i++) {
      Notification notification =
          Notification.to(Address.email("user-" + i + "@example.com")).body("Hello").build();
      System.out.println(dispatcher.send(notification).id());
    }
    System.out.println("done");
    new CountDownLatch(1).await(); // until it is killed
  }

  static NotificationDispatcher dispatcher(
      DataSource source, String node, RecordingProvider provider) {
    JdbcStore store =
        JdbcStore.builder(source)
            .nodeName(node)
            .lease(Duration.ofMillis(1_500), Duration.ofMillis(300))
            .pollInterval(Duration.ofMillis(50))
            .build();
    return NotificationDispatcher.builder().store(store).provider(provider).build();
  }

  /** A provider that keeps a durable record of its calls. */
  static RecordingProvider calls(DataSource source, String node, long millis) {
    return RecordingProvider.of(Channel.EMAIL)
        .alwaysDoes(
            message -> {
              try {
                LockSupport.parkNanos(Duration.ofMillis(millis).toNanos()); // what a call takes
                write(source, node, message.notificationId().toString());
              } catch (SQLException e) {
                return Outcome.unknown(e.getClass().getSimpleName());
              }
              return Outcome.accepted(message.reference());
            });
  }

  private static void write(DataSource source, String node, String notification)
      throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("INSERT INTO calls (node, notification) VALUES (?, ?)")) {
      statement.setString(1, node);
      statement.setString(2, notification);
      statement.executeUpdate();
    }
  }

  static DataSource pooled(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(20);
    config.setConnectionTimeout(2_000);
    return new HikariDataSource(config);
  }
}
