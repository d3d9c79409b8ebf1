package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.test.RecordingProvider;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables under names of the application's choice, and made by the application's own Flyway. */
class TableNamesTest {

  private static JdbcStore store(DataSource source, TableNames names) {
    return JdbcStore.builder(source).tableNames(names).build();
  }

  private static NotificationId delivered(JdbcStore store) throws Exception {
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(store)
            .provider(RecordingProvider.of(Channel.EMAIL))
            .build()) {
      SendReceipt receipt =
          dispatcher.send(
              Notification.to(Address.email("jane@example.com"))
                  .body("Hello")
                  .idempotencyKey("hello")
                  .build());
      assertThat(receipt.outcome().get(20, TimeUnit.SECONDS).deliveries())
          .allSatisfy(delivery -> assertThat(delivery.status()).isEqualTo(DeliveryStatus.SENT));
      return receipt.id();
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoSetsOfTablesLiveSideBySideWithoutKnowingEachOther(Databases database) throws Exception {
    DataSource source = database.empty();
    TableNames crm = TableNames.prefixed("crm_");
    JdbcSchema.migrate(source);
    JdbcSchema.migrate(source, crm);

    NotificationId id = delivered(store(source, crm));

    try (JdbcStore mine = store(source, crm);
        JdbcStore other = JdbcStore.of(source)) {
      assertThat(mine.find(id)).isPresent();
      assertThat(other.find(id)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTablesMayStandInAnotherSchema(Databases database) throws Exception {
    DataSource source = database.empty();
    String schema = "messaging_" + System.identityHashCode(this);
    try (var connection = source.getConnection()) {
      Database.run(connection, "CREATE SCHEMA " + schema);
    }
    TableNames names = TableNames.prefixed("ntf_").inSchema(schema);
    JdbcSchema.migrate(source, names);

    delivered(store(source, names));

    assertThatThrownBy(() -> JdbcStore.of(source))
        .as("nothing was made in the connection's own schema")
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notify_*");
  }

  @ParameterizedTest
  @EnumSource
  void theApplicationsFlywayMakesTheSameTables(Databases database) throws Exception {
    DataSource source = database.empty();
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:dev/notify/jdbc/" + database.name().toLowerCase(Locale.ROOT))
        .load()
        .migrate();

    JdbcSchema.migrate(source);

    delivered(JdbcStore.of(source));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1st_", "Notify_", "a b", "x;DROP TABLE t", "ä_", "a.b_"})
  void aNameThatIsNotSafeInSqlIsRefused(String name) {
    assertThatThrownBy(() -> TableNames.prefixed(name))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("table prefix '" + name + "'");
    assertThatThrownBy(() -> TableNames.DEFAULT.inSchema(name))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("schema '" + name + "'");
  }

  @Test
  void indexesStandWhereTheirTableStands() {
    TableNames names = TableNames.prefixed("crm_").inSchema("app");

    assertThat(names.in("CREATE INDEX notify_delivery_ready ON notify_delivery (due)"))
        .isEqualTo("CREATE INDEX crm_delivery_ready ON app.crm_delivery (due)");
    assertThat(names).hasToString("app.crm_*");
  }
}
