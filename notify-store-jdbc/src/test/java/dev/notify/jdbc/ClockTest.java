package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Nodes whose clocks are five minutes off. Machines cannot be told another time in a test, so it is
 * the database that is: its clock is shadowed by a function of ours, which is the same to a node.
 */
class ClockTest {

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);

  private static DataSource whoseClockIsOffBy(int minutes) throws SQLException {
    String url = Databases.emptyUrl();
    try (Connection connection = DriverManager.getConnection(url)) {
      Database.run(connection, "CREATE SCHEMA shadow");
      Database.run(
          connection,
          "CREATE FUNCTION shadow.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
              + " $$SELECT pg_catalog.clock_timestamp() + interval '"
              + minutes
              + " minutes'$$");
      Database.run(
          connection,
          "ALTER DATABASE "
              + connection.getCatalog()
              + " SET search_path = public, shadow, pg_catalog");
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    JdbcSchema.migrate(source);
    return source;
  }

  private NotificationDispatcher node(DataSource source) {
    return NotificationDispatcher.builder()
        .store(
            JdbcStore.builder(source)
                .lease(Duration.ofSeconds(5), Duration.ofMillis(200))
                .pollInterval(Duration.ofMillis(20))
                .build())
        .provider(provider)
        .build();
  }

  private static Notification hello() {
    return Notification.to(Address.email("jane@example.com"))
        .body("Hello")
        .expiresIn(Duration.ofMinutes(1))
        .build();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, -5})
  void theDatabasesClockDecides(int minutes) throws Exception {
    DataSource source = whoseClockIsOffBy(minutes);
    try (NotificationDispatcher one = node(source);
        NotificationDispatcher two = node(source)) {
      Instant now = Instant.now().plus(Duration.ofMinutes(minutes));
      provider.next(Outcome.retryable("down", Duration.ofMillis(100)));

      SendReceipt atOnce = one.send(hello());
      SendReceipt soon = one.schedule(hello(), now.plusSeconds(2));
      SendReceipt late = two.schedule(hello(), now.plusSeconds(120));

      for (SendReceipt receipt : new SendReceipt[] {atOnce, soon}) {
        assertThat(receipt.outcome().get(20, TimeUnit.SECONDS).deliveries())
            .singleElement()
            .satisfies(sent -> assertThat(sent.status()).isEqualTo(DeliveryStatus.SENT))
            .satisfies(
                sent ->
                    assertThat(Duration.between(now, sent.updatedAt()))
                        .isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(30)));
      }
      // Long enough for every beat and look that could take a living node for dead, or send early.
      await().during(Duration.ofMillis(600)).until(() -> provider.calls() == 3);
      assertThat(two.status(late.id()).orElseThrow().deliveries().get(0).status())
          .isEqualTo(DeliveryStatus.SCHEDULED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPoolThatIsSlowToGiveAConnectionDoesNotPutTheClockForward(Databases database)
      throws Exception {
    DataSource real = database.clean();
    FaultySource slow = new FaultySource(real);
    CountDownLatch given = new CountDownLatch(1);
    slow.hangUntil(given);
    CompletableFuture.runAsync(
        given::countDown, CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));

    try (JdbcStore store = JdbcStore.of(slow);
        Connection connection = real.getConnection()) {
      Instant here = store.clock().orElseThrow().instant();
      Instant there = Node.now(connection, Database.of(connection));

      assertThat(here).isBefore(there.plusMillis(500));
    }
  }
}
