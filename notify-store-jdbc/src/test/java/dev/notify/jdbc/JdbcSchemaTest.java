package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.ConfigurationException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdbcSchemaTest {

  @ParameterizedTest
  @EnumSource
  void theTablesAreMadeOnceAndAgainIsHarmless(Databases database) throws Exception {
    DataSource source = database.empty();

    JdbcSchema.migrate(source);
    JdbcSchema.migrate(source);

    assertThat(tables(source))
        .containsExactlyInAnyOrder(
            "notify_announcement",
            "notify_announcementhead",
            "notify_attempt",
            "notify_audit",
            "notify_audithead",
            "notify_broadcast",
            "notify_consent",
            "notify_conversion",
            "notify_count",
            "notify_delivery",
            "notify_device",
            "notify_digest",
            "notify_digestitem",
            "notify_event",
            "notify_experiment",
            "notify_exposure",
            "notify_fact",
            "notify_habit",
            "notify_inbox",
            "notify_inboxpresence",
            "notify_inboxuser",
            "notify_key",
            "notify_limit",
            "notify_message",
            "notify_node",
            "notify_outcome",
            "notify_person",
            "notify_preference",
            "notify_recipient",
            "notify_rollup",
            "notify_schedule",
            "notify_schema",
            "notify_suppression",
            "notify_tally",
            "notify_template",
            "notify_templatelog",
            "notify_tuple");
    assertThat(TableScan.texts(source, "SELECT version FROM notify_schema ORDER BY version"))
        .containsExactlyElementsOf(versions());
  }

  private static List<String> versions() {
    return IntStream.rangeClosed(1, JdbcSchema.VERSION).mapToObj(String::valueOf).toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void processesThatMigrateAtOnceWaitForEachOther(Databases database) throws Exception {
    DataSource source = database.empty();

    IntStream.range(0, 8).parallel().forEach(i -> JdbcSchema.migrate(source));

    assertThat(TableScan.texts(source, "SELECT version FROM notify_schema ORDER BY version"))
        .containsExactlyElementsOf(versions());
  }

  @ParameterizedTest
  @EnumSource
  void aMigrationThatWasCutOffIsBegunAgain(Databases database) throws Exception {
    DataSource source = database.empty();
    JdbcSchema.migrate(source);
    TableScan.execute(source, "DELETE FROM notify_schema");
    TableScan.execute(source, "DROP TABLE notify_node");
    if (database == Databases.POSTGRESQL) {
      // Its migrations are transactions: there is no half of one.
      return;
    }

    JdbcSchema.migrate(source);

    assertThat(tables(source)).contains("notify_node");
  }

  @ParameterizedTest
  @EnumSource
  void tablesOfALaterReleaseAreLeftAlone(Databases database) throws Exception {
    DataSource source = database.empty();
    JdbcSchema.migrate(source);
    TableScan.execute(source, "INSERT INTO notify_schema (version) VALUES (99)");

    assertThatThrownBy(() -> JdbcSchema.migrate(source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("99");
  }

  @ParameterizedTest
  @EnumSource
  void whatStandsInTheWayIsNamed(Databases database) throws Exception {
    DataSource source = database.empty();
    TableScan.execute(source, "CREATE TABLE notify_schema (something INTEGER)");

    assertThatThrownBy(() -> JdbcSchema.migrate(source))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot migrate");
  }

  @Test
  void anUnknownDatabaseIsRefusedByName() throws Exception {
    DataSource real = Databases.H2.empty();
    DataSource oracle =
        (DataSource)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> renamed(real.getConnection()));

    assertThatThrownBy(() -> JdbcSchema.migrate(oracle))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Oracle");
  }

  private static Connection renamed(Connection connection) {
    DatabaseMetaData oracle =
        (DatabaseMetaData)
            Proxy.newProxyInstance(
                JdbcSchemaTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> "Oracle");
    return (Connection)
        Proxy.newProxyInstance(
            JdbcSchemaTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) ->
                method.getName().equals("getMetaData")
                    ? oracle
                    : method.invoke(connection, arguments));
  }

  private static List<String> tables(DataSource source) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = source.getConnection();
        ResultSet rows =
            connection
                .getMetaData()
                .getTables(
                    connection.getCatalog(), null, "%", new String[] {"TABLE", "BASE TABLE"})) {
      while (rows.next()) {
        String name = rows.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
        if (name.startsWith("notify_")) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
