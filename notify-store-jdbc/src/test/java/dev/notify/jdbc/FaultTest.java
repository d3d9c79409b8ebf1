package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.CancelReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.RefusedException;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a database does to its users besides being away. */
class FaultTest {

  private static final int MANY = 200;
  private static final Lane LANE = new Lane(Channel.EMAIL, Priority.NORMAL);

  private final String url = Databases.emptyUrl();
  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final HikariDataSource admin = pool(url, 10);

  FaultTest() throws SQLException {}

  @BeforeEach
  void tables() {
    JdbcSchema.migrate(admin);
  }

  @AfterEach
  void nothingIsStuck() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    Watchdog.assertNothingIsStuck(admin);
    admin.close();
  }

  private static HikariDataSource pool(String url, int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(500);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private NotificationDispatcher node(DataSource source) {
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(source)
                    .lease(Duration.ofSeconds(6), Duration.ofMillis(500))
                    .pollInterval(Duration.ofMillis(20))
                    .build())
            .provider(provider)
            .build();
    opened.add(dispatcher);
    return dispatcher;
  }

  private static Notification.Builder hello(int i) {
    return Notification.to(Address.email("user-" + i + "@example.com")).body("Hello");
  }

  /** Sends until it is accepted, under a key, so that a refusal in doubt is settled by the next. */
  private static NotificationId sendOnce(NotificationDispatcher dispatcher, int i) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptionsInstanceOf(RefusedException.class)
        .until(() -> dispatcher.send(hello(i).idempotencyKey("key-" + i).build()), sent -> true)
        .id();
  }

  private void awaitAllSent(int count) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> TableScan.count(admin, "notify_outcome WHERE status = 10") == count);
    assertThat(provider.messages())
        .extracting(OutboundMessage::reference)
        .hasSize(count)
        .doesNotHaveDuplicates();
  }

  @Test
  void aPoolThatTheApplicationUsesUpRefusesAndRecovers() throws Exception {
    HikariDataSource small = pool(url, 2);
    opened.add(0, small);
    NotificationDispatcher dispatcher = node(small);
    List<Connection> taken = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> taken.add(small.getConnection()) && taken.size() == 2);

    assertThatThrownBy(() -> dispatcher.send(hello(0).build()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.why()).isEqualTo(RefusedException.Why.STORE_UNAVAILABLE));
    for (Connection connection : taken) {
      connection.close();
    }
    opened.remove(small);
    opened.add(small);

    IntStream.range(0, 20).forEach(i -> sendOnce(dispatcher, i));
    awaitAllSent(20);
  }

  @Test
  void aPoolOfOneConnectionIsEnough() throws Exception {
    HikariDataSource one = pool(url, 1);
    NotificationDispatcher dispatcher = node(one);
    opened.add(one);

    IntStream.range(0, 50).parallel().forEach(i -> sendOnce(dispatcher, i));

    awaitAllSent(50);
  }

  @Test
  void aPrivilegeThatIsTakenAwayAndGivenBackLosesNothing() throws Exception {
    TableScan.execute(admin, "CREATE ROLE app LOGIN");
    TableScan.execute(admin, "GRANT ALL ON ALL TABLES IN SCHEMA public TO app");
    TableScan.execute(admin, "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app");
    HikariDataSource limited = pool(url.replaceFirst("user=\\w+", "user=app"), 8);
    NotificationDispatcher dispatcher = node(limited);
    opened.add(limited);
    IntStream.range(0, 50).parallel().forEach(i -> sendOnce(dispatcher, i));

    TableScan.execute(
        admin, "REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public FROM app");
    assertThatThrownBy(() -> dispatcher.send(hello(1_000).build()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("42501")
        .hasMessageNotContaining("example.com");
    TableScan.execute(admin, "GRANT ALL ON ALL TABLES IN SCHEMA public TO app");

    IntStream.range(50, 100).parallel().forEach(i -> sendOnce(dispatcher, i));
    awaitAllSent(100);
    opened.forEach(FaultTest::close);
    opened.clear();
    TableScan.execute(admin, "DROP OWNED BY app");
    TableScan.execute(admin, "DROP ROLE app");
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify_delivery", "notify_outcome"})
  void aTableThatIsLockedForLongIsWaitedForAndNothingIsSentTwice(String table) throws Exception {
    NotificationDispatcher dispatcher = node(admin);
    IntStream.range(0, 20).forEach(i -> sendOnce(dispatcher, i));
    CompletableFuture<NotificationId> waiting;
    try (Connection locker = admin.getConnection()) {
      locker.setAutoCommit(false);
      Database.run(locker, "SET LOCAL statement_timeout = 0");
      // Who locks both may meet a statement of ours that has one and waits for the other.
      Database.run(locker, "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
      waiting = CompletableFuture.supplyAsync(() -> sendOnce(dispatcher, 20));
      // Longer than a transaction of ours waits for a lock.
      CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(6, TimeUnit.SECONDS))
          .join();
      assertThat(waiting.isDone()).isEqualTo(table.equals("notify_outcome"));
      locker.commit();
    }

    waiting.join();
    awaitAllSent(21);
  }

  @Test
  void aRoleWithASerializableDefaultAndAShortStatementTimeoutIsServed() throws Exception {
    TableScan.execute(
        admin, "ALTER ROLE postgres SET default_transaction_isolation = 'serializable'");
    TableScan.execute(admin, "ALTER ROLE postgres SET statement_timeout = '3s'");
    try {
      HikariDataSource strict = pool(url, 10);
      NotificationDispatcher first = node(strict);
      NotificationDispatcher second = node(strict);
      opened.add(strict);

      IntStream.range(0, MANY).parallel().forEach(i -> sendOnce(i % 2 == 0 ? first : second, i));

      awaitAllSent(MANY);
    } finally {
      TableScan.execute(admin, "ALTER ROLE postgres RESET ALL");
    }
  }

  @Test
  void backendsThatAreKilledUnderLoadLoseNothingAndRepeatNothing() throws Exception {
    HikariDataSource ours = pool(url, 10);
    NotificationDispatcher dispatcher = node(ours);
    opened.add(ours);
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(
            () -> IntStream.range(0, MANY).parallel().forEach(i -> sendOnce(dispatcher, i)));

    for (int kill = 1; kill <= 3; kill++) {
      long some = MANY / 5L * kill;
      await().atMost(Duration.ofSeconds(40)).until(() -> provider.calls() >= some);
      TableScan.execute(
          admin,
          "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid(); END $$");
    }

    sending.join();
    awaitAllSent(MANY);
  }

  @Test
  void whatTheApplicationHasLockedIsWaitedFor() throws Exception {
    NotificationDispatcher dispatcher = node(admin);
    List<SendReceipt> later = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      later.add(dispatcher.schedule(hello(i).build(), Instant.now().plusSeconds(3_600)));
    }
    List<CompletableFuture<CancelReceipt>> cancelling;
    try (Connection meddler = admin.getConnection()) {
      meddler.setAutoCommit(false);
      Database.run(meddler, "UPDATE notify_delivery SET attempts = attempts");
      cancelling =
          later.stream()
              .map(sent -> CompletableFuture.supplyAsync(() -> dispatcher.cancel(sent.id())))
              .toList();
      await()
          .until(
              () ->
                  TableScan.count(admin, "pg_stat_activity WHERE wait_event_type = 'Lock'")
                      == cancelling.size());
      meddler.commit();
    }

    for (CompletableFuture<CancelReceipt> one : cancelling) {
      assertThat(one.join().cancelled()).hasSize(1);
    }
    assertThat(provider.calls()).isZero();
  }

  /** Ours is the victim: it waits first on PostgreSQL, and has changed less on MariaDB. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void aDeadlockWithTheApplicationIsTriedAgain(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = node(source)) {
      for (int i = 0; i < 20; i++) {
        writer.schedule(hello(i).build(), Instant.now().plusSeconds(60));
      }
    }
    JdbcStore store = JdbcStore.of(source);
    opened.add(store);
    Instant now = store.clock().orElseThrow().instant();
    List<Delivery> held =
        store.claim(Map.of(LANE, 20), now.plusSeconds(90)).held().stream()
            .map(Held::delivery)
            .sorted(Comparator.comparing(Delivery::id))
            .toList();
    List<CompletableFuture<Optional<Delivery>>> written = new ArrayList<>();

    try (Connection application = source.getConnection();
        Connection other = source.getConnection()) {
      application.setAutoCommit(false);
      other.setAutoCommit(false);
      Database.run(application, "DROP TABLE IF EXISTS filler");
      Database.run(application, "CREATE TABLE filler (id INTEGER)");
      Database.run(application, "INSERT INTO filler VALUES " + "(1),".repeat(999) + "(1)");
      lock(database, application, held.subList(19, 20));
      lock(database, other, held.subList(0, 1));
      // The first keeps the writer waiting, so that the others come in one batch.
      written.add(store.updateSoon(sent(held.get(0), now), List.of()));
      awaitWaiting(database, source, 1);
      for (Delivery delivery : held.subList(1, 20)) {
        written.add(store.updateSoon(sent(delivery, now), List.of()));
      }
      other.rollback();
      written.get(0).join();
      awaitWaiting(database, source, 1);
      lock(database, application, held.subList(1, 19));
      application.rollback();
    }

    for (CompletableFuture<Optional<Delivery>> one : written) {
      assertThat(one.join()).map(Delivery::status).contains(DeliveryStatus.SENT);
    }
  }

  private static Delivery sent(Delivery delivery, Instant now) {
    return delivery.sent("smtp", "m-" + delivery.id(), now);
  }

  private static void lock(Databases database, Connection connection, List<Delivery> deliveries)
      throws SQLException {
    String ids =
        deliveries.stream()
            .map(delivery -> delivery.id().value().toString())
            .map(
                id ->
                    database == Databases.MARIADB
                        ? "X'" + id.replace("-", "") + "'"
                        : "'" + id + "'")
            .collect(Collectors.joining(","));
    Database.run(connection, "SELECT id FROM notify_delivery WHERE id IN (" + ids + ") FOR UPDATE");
  }

  private static void awaitWaiting(Databases database, DataSource source, int count) {
    String waiting =
        database == Databases.POSTGRESQL
            ? "pg_stat_activity WHERE wait_event_type = 'Lock'"
            : "information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (Connection connection = source.getConnection();
                  Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + waiting)) {
                rows.next();
                return rows.getInt(1) == count;
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void cancellingRacesDeliveryAndAlwaysTellsTheTruth(Databases database) throws Exception {
    DataSource source = database.clean();
    ConcurrentHashMap<NotificationId, Integer> calls = new ConcurrentHashMap<>();
    provider.alwaysDoes(
        message ->
            // Few enough not to open the circuit breaker.
            calls.merge(message.notificationId(), 1, Integer::sum) == 1
                    && message.notificationId().hashCode() % 8 == 0
                ? Outcome.retryable("busy", Duration.ofMillis(1))
                : Outcome.accepted(message.reference()));
    NotificationDispatcher here = node(source);
    NotificationDispatcher there = node(source);
    ConcurrentHashMap<NotificationId, Integer> mostCalls = new ConcurrentHashMap<>();

    IntStream.range(0, MANY)
        .parallel()
        .forEach(
            i -> {
              NotificationId id = here.send(hello(i).build()).id();
              CancelReceipt receipt = (i % 4 == 0 ? there : here).cancel(id);
              int before = calls.getOrDefault(id, 0);
              if (!receipt.cancelled().isEmpty()) {
                mostCalls.put(id, before);
              } else if (!receipt.inFlight().isEmpty()) {
                mostCalls.put(id, before + 1);
              }
            });
    await().atMost(Duration.ofSeconds(40)).until(() -> isEmpty(source));

    assertThat(mostCalls).as("some were cancelled").isNotEmpty();
    mostCalls.forEach(
        (id, most) -> assertThat(calls.getOrDefault(id, 0)).isLessThanOrEqualTo(most));
    opened.forEach(FaultTest::close);
    opened.clear();
    Watchdog.assertNothingIsStuck(source);
  }

  private static boolean isEmpty(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM notify_delivery")) {
      return !rows.next();
    }
  }
}
