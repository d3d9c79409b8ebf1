package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.test.RecordingProvider;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that an earlier release made and filled. */
class UpgradeTest {

  /** As the first version wrote it. */
  private static final String BODY =
      """
      {"form":1,"to":"jane","recipient":{"id":"jane","addresses":[{"channel":"email",
      "value":"jane@example.com"}]},"category":"general","priority":"NORMAL","content":
      {"title":"Hello","body":"From before"},"routing":{"all":["email"]},"decisions":[
      {"channel":"email","address":{"channel":"email","value":"jane@example.com"}}],
      "deliveries":[{"id":"%s","address":{"channel":"email","value":"jane@example.com"}}]}""";

  private final UUID message = UUID.fromString("01a1fd04-e875-70aa-b068-b3356b639602");
  private final UUID delivery = UUID.fromString("01a1fd04-e875-70aa-b068-b3356b639603");

  @ParameterizedTest
  @EnumSource
  void whatWaitsInTablesOfTheFirstVersionIsDeliveredAfterTheUpgrade(Databases database)
      throws Exception {
    DataSource source = database.empty();
    makeFirstVersion(source, database.name().toLowerCase(Locale.ROOT));
    fill(source, Database.valueOf(database.name()));

    JdbcSchema.migrate(source);

    RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder().store(JdbcStore.of(source)).provider(email).build()) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(dispatcher.status(new NotificationId(message)))
                      .hasValueSatisfying(
                          record -> assertThat(record.deliveries().get(0).status().isSent())));
      await().atMost(Duration.ofSeconds(20)).until(() -> email.calls() == 1);
      assertThat(email.messages().get(0).content().body()).contains("From before");
      dispatcher.send(Notification.to(Address.email("john@example.com")).body("New").build());
      await().atMost(Duration.ofSeconds(20)).until(() -> email.calls() == 2);
    }
  }

  private static void makeFirstVersion(DataSource source, String folder) throws Exception {
    try (InputStream file = JdbcSchema.class.getResourceAsStream(folder + "/V1__notify.sql");
        Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String one : text.replaceAll("(?m)^--.*$", "").split("(?m);$")) {
        if (!one.isBlank()) {
          statement.execute(one);
        }
      }
    }
  }

  private void fill(DataSource source, Database database) throws SQLException {
    Instant now = Instant.now();
    try (Connection connection = source.getConnection()) {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO notify_message (id, accepted_at, recipient_id, body)"
                  + " VALUES (?, ?, ?, ?)")) {
        new Columns(database, statement)
            .id(message)
            .time(now)
            .text("jane")
            .bytes(BODY.formatted(delivery).getBytes(StandardCharsets.UTF_8));
        statement.executeUpdate();
      }
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO notify_delivery (id, message_id, channel, priority, status, due,"
                  + " expires_at, lease, attempts, deaths, counted, updated_at)"
                  + " VALUES (?, ?, 'email', 2, 2, ?, ?, 0, 0, 0, FALSE, ?)")) {
        new Columns(database, statement)
            .id(delivery)
            .id(message)
            .time(now)
            .time(now.plusSeconds(3_600))
            .time(now);
        statement.executeUpdate();
      }
    }
  }
}
