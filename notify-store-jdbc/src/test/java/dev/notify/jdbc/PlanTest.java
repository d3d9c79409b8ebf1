package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.jdbc.Acceptance.Doubt;
import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.test.RecordingProvider;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How PostgreSQL carries out what we ask for, whether the tables are short or long. */
class PlanTest {

  /** So many are sent, claimed and ended while plans are collected. */
  private static final int BATCH = 600;

  private final DataSource source;
  private final Plans plans;
  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);

  PlanTest() throws SQLException {
    source = Databases.POSTGRESQL.empty();
    JdbcSchema.migrate(source);
    plans = new Plans(source);
  }

  /** Deliveries for next week, which nobody wants now, and as many that have ended. */
  private void fill(int rows) throws SQLException {
    TableScan.execute(
        source,
        """
        INSERT INTO notify_message (id, accepted_at, recipient_id, body)
        SELECT gen_random_uuid(), now(), 'jane', convert_to('{}', 'UTF8')
        FROM generate_series(1, %d)"""
            .formatted(rows));
    TableScan.execute(
        source,
        """
        INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
          lease, attempts, deaths, counted, updated_at)
        SELECT gen_random_uuid(), id, 'email', 2, 1, now() + interval '7 days',
          now() + interval '8 days', 0, 0, 0, FALSE, now() FROM notify_message""");
    TableScan.execute(
        source,
        """
        INSERT INTO notify_outcome (id, message_id, channel, priority, status, due, expires_at,
          lease, attempts, counted, updated_at, dead_letter)
        SELECT gen_random_uuid(), id, 'email', 2, 10, now(), now() + interval '8 days', 1, 1, FALSE,
          now(), FALSE FROM notify_message""");
    TableScan.execute(source, "VACUUM ANALYZE");
    TableScan.execute(source, "SELECT pg_stat_reset()");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200_000})
  void nothingIsReadThatIsNotAskedFor(int rows) throws Exception {
    fill(rows);
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(plans.source()).pollInterval(Duration.ofMillis(20)).build())
            .provider(provider)
            .build()) {
      dispatcher.sendAll(
          IntStream.range(0, BATCH)
              .mapToObj(
                  i ->
                      Notification.to(Address.email("user-" + i + "@example.com"))
                          .body("Hello")
                          .build()));
      try (var connection = source.getConnection()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < BATCH; i++) {
          dispatcher
              .inTransaction(connection)
              .send(Notification.to(Address.email("jane@example.com")).body("Hello").build());
        }
        connection.commit();
      }
      await().atMost(Duration.ofSeconds(40)).until(() -> provider.calls() == 2 * BATCH);
    }

    for (String statement : List.of("WITH found", "WITH ended")) {
      assertThat(plans.of(statement))
          .as(statement)
          .isNotEmpty()
          .allSatisfy(plan -> assertThat(wasted(plan)).as(plan).isLessThan(3L * BATCH));
    }

    assertThat(
            TableScan.number(
                source,
                "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'notify_message'"))
        .isZero();
    assertThat(
            TableScan.number(
                source,
                "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'notify_delivery'"))
        .as("by the looks for what is due next too")
        .isLessThan(100L * BATCH);
  }

  /** Choices and suppressions of people to whom nobody writes. */
  private void choose(int from, int to) throws SQLException {
    TableScan.execute(
        source,
        """
        INSERT INTO notify_preference (recipient_hash, recipient_id, version, body)
        SELECT sha256(i::text::bytea), i, 1, convert_to('{}', 'UTF8')
        FROM generate_series(%d, %d) i"""
            .formatted(from, to));
    TableScan.execute(
        source,
        """
        INSERT INTO notify_suppression (address_hash, channel, kind, body)
        SELECT sha256(i::text::bytea), 'email', 1, convert_to('{}', 'UTF8')
        FROM generate_series(%d, %d) i"""
            .formatted(from, to));
    TableScan.execute(source, "VACUUM ANALYZE");
    TableScan.execute(source, "SELECT pg_stat_reset()");
  }

  private long choicesReadOneByOne() throws SQLException {
    return TableScan.number(
        source,
        """
        SELECT sum(seq_tup_read) FROM pg_stat_user_tables
        WHERE relname IN ('notify_preference', 'notify_suppression')""");
  }

  /** The statement that stores looks them up in passing. */
  @ParameterizedTest
  @ValueSource(ints = {1, 200_000})
  void nobodyElsesChoicesAreReadWhenSomebodyNewIsSentTo(int people) throws Exception {
    choose(1, people);
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder().store(JdbcStore.of(source)).provider(provider).build()) {
      for (int i = 0; i < BATCH; i++) {
        dispatcher.send(
            Notification.to(Address.email("new-" + i + "@example.com")).body("Hello").build());
      }
    }

    assertThat(choicesReadOneByOne()).isLessThan(10L * BATCH);
  }

  /** The plans that the server keeps for a connection were made when there was hardly anybody. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void plansThatWereKeptAreMadeAnewWhenThereAreMany(int inDoubt) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(3);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      StoreParts parts = new StoreParts(JdbcStore.builder(pool));
      choose(1, 1);
      writeToStrangers(parts, inDoubt);
      choose(2, 200_000);

      writeToStrangers(parts, inDoubt);

      assertThat(choicesReadOneByOne()).isLessThan(200_000);
    }
  }

  private static void writeToStrangers(StoreParts parts, int count) {
    for (int times = 0; times < 20; times++) {
      List<Parcel> parcels = Parcels.withDeliveries(Collections.nCopies(count, 1));
      List<byte[]> strangers =
          IntStream.range(0, count).mapToObj(i -> Sha256.of("stranger " + i)).toList();

      assertThat(Parcels.write(parts, parcels, new Doubt(strangers, strangers))).isTrue();
    }
  }

  /** The most rows that a step of the plan has read and thrown away, or gone through again. */
  private static long wasted(String plan) {
    return plan.lines().mapToLong(PlanTest::wastedByLine).max().orElse(0);
  }

  private static long wastedByLine(String line) {
    var removed = Pattern.compile("Rows Removed by .*: (\\d+)").matcher(line);
    if (removed.find()) {
      return Long.parseLong(removed.group(1));
    }
    var read = Pattern.compile("actual .*rows=([\\d.]+) loops=(\\d+)").matcher(line);
    return read.find() && !line.contains("never executed")
        ? (long) (Double.parseDouble(read.group(1)) * Long.parseLong(read.group(2)))
        : 0;
  }
}
