package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.test.RecordingProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Long lists go into PostgreSQL by COPY, and are there as if they had been inserted. */
class CopyTest {

  private static final int LONG = 300;
  private static final Instant DUE =
      Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS);

  /** Of each column something else, as far as it can be told from outside. */
  private static Notification notification(int i) {
    Notification.Builder notification =
        Notification.to(
                Recipient.builder("person-%03d".formatted(i))
                    .address(Address.email("p" + i + "@example.com"))
                    .build())
            .channels(Channel.EMAIL)
            .title("Gr\u00fc\u00dfe \ud83d\ude80 \\N \"" + i)
            .body(i == 7 ? "x".repeat(300_000) : "Hello\t\n\\.\n")
            .priority(Priority.values()[i % Priority.values().length])
            .at(DUE.plus(i, ChronoUnit.MICROS));
    return i % 5 == 0 ? notification.about("order", "o-" + i).build() : notification.build();
  }

  private static Stream<Notification> list() {
    return IntStream.range(0, LONG).mapToObj(CopyTest::notification);
  }

  private static NotificationDispatcher dispatcher(DataSource source) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.of(source))
        .provider(RecordingProvider.of(Channel.EMAIL))
        .build();
  }

  /** What stands in both tables, but for ids and the moment. */
  private static List<String> rows(DataSource source) throws SQLException {
    String sql =
        """
        SELECT concat_ws('|', m.recipient_id, m.category, m.template, m.template_version,
          m.experiment, m.segment, m.broadcast_id, d.channel, d.priority, d.status, d.due,
          d.expires_at - d.due, d.owner, d.lease, d.attempts, d.deaths, d.counted, d.subject_hash,
          d.provider, d.reason_code, d.broadcast_id, d.updated_at = m.accepted_at,
          m.accepted_at BETWEEN now() - interval '1 hour' AND now() + interval '1 minute',
          md5(regexp_replace(convert_from(m.body, 'UTF8'), '"id":"[0-9a-f-]{36}"', '')))
        FROM notify_message m JOIN notify_delivery d ON d.message_id = m.id
        ORDER BY m.recipient_id""";
    return TableScan.texts(source, sql);
  }

  @Test
  void aLongListIsThereAsIfItHadBeenInserted() throws SQLException {
    DataSource clean = Databases.POSTGRESQL.clean();
    FaultySource source = new FaultySource(clean);
    List<String> copied;
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      assertThat(dispatcher.sendAll(list()).accepted()).isEqualTo(LONG);
      copied = rows(clean);
    }
    assertThat(source.prepared("INSERT INTO notify_message")).isZero();

    Databases.POSTGRESQL.clean();
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      list().forEach(dispatcher::send);
    }
    assertThat(source.prepared("INSERT INTO notify_message")).isPositive();
    assertThat(copied).hasSize(LONG).isEqualTo(rows(clean));
  }

  @Test
  void oneThatDoesNotFitDoesNotKeepTheOthersOut() throws SQLException {
    DataSource clean = Databases.POSTGRESQL.clean();
    TableScan.execute(
        clean,
        "ALTER TABLE notify_message ADD CONSTRAINT nobody_42 CHECK (recipient_id <> 'person-042')");
    try (NotificationDispatcher dispatcher = dispatcher(clean)) {
      assertThat(dispatcher.sendAll(list()).accepted()).isEqualTo(LONG - 1);
    } finally {
      TableScan.execute(clean, "ALTER TABLE notify_message DROP CONSTRAINT nobody_42");
    }
    assertThat(rows(clean)).hasSize(LONG - 1);
  }

  /** The driver is an optional dependency, and may be hidden from us by a container. */
  @Test
  void whereTheDriverCannotBeSeenNothingIsCopiedAndNothingBreaks() throws Exception {
    URL ours = Copy.class.getProtectionDomain().getCodeSource().getLocation();
    ClassLoader hiding =
        new ClassLoader(CopyTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.postgresql.")) {
              throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.notify.jdbc.Copy")) {
              return super.loadClass(name, resolve);
            }
            try (InputStream file =
                ours.toURI().resolve(name.replace('.', '/') + ".class").toURL().openStream()) {
              byte[] bytes = file.readAllBytes();
              return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException | URISyntaxException e) {
              throw new ClassNotFoundException(name, e);
            }
          }
        };
    Constructor<?> constructor =
        Class.forName(Copy.class.getName(), true, hiding).getDeclaredConstructor();
    constructor.setAccessible(true);
    Object copy = constructor.newInstance();
    Method isPossible = copy.getClass().getDeclaredMethod("isPossible", Connection.class);
    isPossible.setAccessible(true);

    try (Connection connection = Databases.POSTGRESQL.clean().getConnection()) {
      assertThat(isPossible.invoke(copy, connection)).isEqualTo(false);
    }
  }

  /** Row security is such a case: COPY is refused for whoever it holds. */
  @Test
  void whereTheServerRefusesToCopyRowsAreInserted() throws SQLException {
    String url = Databases.emptyUrl();
    PGSimpleDataSource owner = new PGSimpleDataSource();
    owner.setUrl(url);
    JdbcSchema.migrate(owner);
    try (Connection connection = owner.getConnection()) {
      Database.run(connection, "CREATE ROLE tenant");
      Database.run(connection, "GRANT ALL ON ALL TABLES IN SCHEMA public TO tenant");
      Database.run(connection, "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO tenant");
      Database.run(connection, "ALTER TABLE notify_message ENABLE ROW LEVEL SECURITY");
      Database.run(connection, "CREATE POLICY everyone ON notify_message USING (true)");
    }
    PGSimpleDataSource tenant = new PGSimpleDataSource();
    tenant.setUrl(url);
    tenant.setOptions("-c role=tenant");
    FaultySource source = new FaultySource(tenant);
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      assertThat(dispatcher.sendAll(list()).accepted()).isEqualTo(LONG);
      long before = source.prepared("INSERT INTO notify_message");

      assertThat(dispatcher.sendAll(list()).accepted()).isEqualTo(LONG);

      assertThat(source.prepared("INSERT INTO notify_message"))
          .as("it is not tried again")
          .isEqualTo(before + 1);
    }
    assertThat(rows(owner)).hasSize(2 * LONG);
  }
}
