package dev.notify.jdbc;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Digest;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.template.TemplateSources;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/**
 * An application in a process of its own that collects for digests, and begins escalations, as fast
 * as it can until it is killed. Its providers write every call into a table.
 */
final class DigestWorker {

  static final Duration STEP = Duration.ofSeconds(8);

  private DigestWorker() {}

  /** Arguments: JDBC URL, node name. */
  public static void main(String[] arguments) throws Exception {
    DataSource source = Worker.pooled(arguments[0]);
    NotificationDispatcher dispatcher = dispatcher(source, arguments[1]);
    for (int i = 0; i < 20; i++) {
      dispatcher.send(alarm(i));
    }
    for (int i = 0; i < 100_000; i++) {
      dispatcher.send(item(i));
      System.out.println(i);
    }
    new CountDownLatch(1).await(); // until it is killed
  }

  static Notification item(int number) {
    return Notification.to("user-" + number % 3)
        .category("comments")
        .template("comment", Map.of("number", number))
        .channels(Channel.EMAIL)
        .build();
  }

  static Notification alarm(int number) {
    return Notification.to("user-" + number)
        .title("Alarm")
        .body("" + number)
        .routing(Routing.escalate(Channel.PUSH).then(Channel.SMS, STEP))
        .build();
  }

  static NotificationDispatcher dispatcher(DataSource source, String node) {
    JdbcStore store =
        JdbcStore.builder(source)
            .nodeName(node)
            .lease(Duration.ofMillis(1_500), Duration.ofMillis(300))
            .pollInterval(Duration.ofMillis(50))
            .build();
    Digest digest = Digest.fixed(Duration.ofMillis(200), "digest").flushAt(20);
    return NotificationDispatcher.builder()
        .store(store)
        .provider(calls(source, Channel.EMAIL))
        .provider(calls(source, Channel.PUSH))
        .provider(calls(source, Channel.SMS))
        .categories(Category.optional("comments").digested(digest), Category.GENERAL)
        .templates(
            TemplateSources.of(
                Map.of(
                    "digest/email.subject", "{{count}}",
                    "digest/email.text", "{{#items}}{{number}} {{/items}}")))
        .recipients(
            id ->
                Optional.of(
                    Recipient.builder(id)
                        .email(id + "@example.com")
                        .sms(
                            "+1415555" + (1_000 + Integer.parseInt(id.substring("user-".length()))))
                        .fcm("device-" + id)
                        .build()))
        .build();
  }

  private static RecordingProvider calls(DataSource source, Channel channel) {
    return RecordingProvider.of(channel)
        .alwaysDoes(
            message -> {
              String said = message.content().body().orElse("");
              try (Connection connection = source.getConnection();
                  PreparedStatement statement =
                      connection.prepareStatement(
                          "INSERT INTO calls (reference, channel, said) VALUES (?, ?, ?)")) {
                statement.setString(1, message.notificationId().toString());
                statement.setString(2, channel.name());
                statement.setString(3, said);
                statement.executeUpdate();
              } catch (SQLException e) {
                return Outcome.unknown(e.getClass().getSimpleName());
              }
              return Outcome.accepted(message.reference());
            });
  }
}
