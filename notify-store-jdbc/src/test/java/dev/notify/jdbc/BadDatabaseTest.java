package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.RefusedException;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Databases that are not as they should be, and values that test their limits. */
class BadDatabaseTest {

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);

  @ParameterizedTest
  @EnumSource
  void missingTablesSayWhatToDo(Databases database) throws Exception {
    DataSource source = database.empty();

    assertThatThrownBy(() -> JdbcStore.of(source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("JdbcSchema.migrate");
  }

  @ParameterizedTest
  @EnumSource
  void tablesOfAnotherReleaseAreRefused(Databases database) throws Exception {
    DataSource source = database.empty();
    JdbcSchema.migrate(source);
    TableScan.execute(source, "INSERT INTO notify_schema (version) VALUES (99)");
    assertThatThrownBy(() -> JdbcStore.of(source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("version 99");

    TableScan.execute(source, "DELETE FROM notify_schema");
    assertThatThrownBy(() -> JdbcStore.of(source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("version 0");
  }

  @Test
  void aReadOnlyDatabaseRefusesTheSendAndLosesNothing() throws Exception {
    FaultySource source = new FaultySource(Databases.POSTGRESQL.clean());
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder().store(JdbcStore.of(source)).provider(provider).build()) {
      source.readOnly(true);
      assertThatThrownBy(() -> dispatcher.send(hello("x").build()))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("25006")
          .hasMessageNotContaining("jane@example.com");

      source.readOnly(false);
      dispatcher.send(hello("y").build()).outcome().get(20, TimeUnit.SECONDS);
      assertThat(provider.calls()).isEqualTo(1);
    }
  }

  private static Notification.Builder hello(String body) {
    return Notification.to(Address.email("jane@example.com")).body(body);
  }

  @ParameterizedTest
  @EnumSource
  void theLargestValuesFit(Databases database) throws Exception {
    DataSource source = database.clean();
    String id = "ü".repeat(2_000);
    provider
        .next(Outcome.retryable("🎉".repeat(5_000), Duration.ofMillis(1)))
        .alwaysDoes(message -> Outcome.accepted(id));
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
            .provider(provider)
            .build()) {
      var receipt =
          dispatcher.send(
              hello("ß".repeat(100_000))
                  .title("t".repeat(998))
                  .idempotencyKey("k".repeat(512))
                  .about("s".repeat(64), "i".repeat(191))
                  .metadata("note", "m".repeat(1024))
                  .build());

      var record = receipt.outcome().get(20, TimeUnit.SECONDS);

      assertThat(record.notification().content().orElseThrow().body().orElseThrow())
          .hasSize(100_000);
      assertThat(record.notification().metadata()).isEqualTo(Map.of("note", "m".repeat(1024)));
      assertThat(record.attempts(record.deliveries().get(0).id())).hasSize(2);
    }
  }
}
