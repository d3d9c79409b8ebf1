package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.SendReceipt.Answer;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.FunnelQuery;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.RefusedException;
import dev.notify.model.Stage;
import dev.notify.model.Suppression;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A notification that exists exactly if the business change commits. */
class TransactionTest {

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final Notification shipped =
      Notification.to(Address.email("jane@example.com"))
          .body("Order 1017 is on its way")
          .idempotencyKey("order-1017")
          .build();

  private NotificationDispatcher on(DataSource source) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
        .provider(provider)
        .build();
  }

  private static void order(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO orders (id) VALUES (1017)");
    }
  }

  private static DataSource withOrders(Databases database) throws SQLException {
    DataSource source = database.clean();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS orders");
      statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
    }
    return source;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCommittedIsSent(Databases database) throws Exception {
    DataSource source = withOrders(database);
    try (NotificationDispatcher dispatcher = on(source)) {
      SendReceipt receipt;
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        order(connection);
        receipt = dispatcher.inTransaction(connection).send(shipped);
        assertThat(receipt.answer()).isEqualTo(Answer.NEW);
        assertThat(dispatcher.inTransaction(connection).send(shipped).answer())
            .as("the same transaction sees its own key")
            .isEqualTo(Answer.REPLAYED);
        assertThat(dispatcher.status(receipt.id())).as("before the commit").isEmpty();
        assertThat(provider.calls()).isZero();
        connection.commit();
      }

      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  dispatcher.status(receipt.id()).orElseThrow().deliveries().get(0).status()
                      == DeliveryStatus.SENT);
      assertThat(dispatcher.send(shipped).answer()).isEqualTo(Answer.REPLAYED);
      assertThat(provider.calls()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFirstMessageToAPersonNeedsNoSecondConnectionForTheirKey(Databases database)
      throws Exception {
    HikariConfig config = new HikariConfig();
    config.setDataSource(withOrders(database));
    // One for the application, and on PostgreSQL one that listens.
    config.setMaximumPoolSize(database == Databases.POSTGRESQL ? 2 : 1);
    config.setConnectionTimeout(2_000);
    Encryption encryption = SampleKeys.encryption("k1").withKeyPerPerson();
    try (HikariDataSource source = new HikariDataSource(config);
        NotificationDispatcher dispatcher =
            NotificationDispatcher.builder()
                .store(JdbcStore.builder(source).encryption(encryption).build())
                .provider(provider)
                .build()) {
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        dispatcher.inTransaction(connection).send(shipped);
        connection.rollback();
        dispatcher.inTransaction(connection).send(shipped);
        dispatcher.inTransaction(connection).send(shipped);
        connection.commit();
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFirstMessageToOnePersonKeepsNobodyElseWaiting(Databases database) throws Exception {
    DataSource source = withOrders(database);
    Encryption encryption = SampleKeys.encryption("k1").withKeyPerPerson();
    try (NotificationDispatcher dispatcher =
            NotificationDispatcher.builder()
                .store(JdbcStore.builder(source).encryption(encryption).build())
                .provider(provider)
                .build();
        Connection one = source.getConnection();
        Connection two = source.getConnection()) {
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      dispatcher.inTransaction(one).send(hello("p1"));

      CompletableFuture.runAsync(() -> dispatcher.send(hello("p2"))).get(20, TimeUnit.SECONDS);
      CompletableFuture.runAsync(() -> dispatcher.inTransaction(two).send(hello("p3")))
          .get(20, TimeUnit.SECONDS);
      dispatcher.inTransaction(one).send(hello("p4"));
      one.commit();
      two.commit();
      await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 4);
    }
  }

  private static Notification hello(String who) {
    return Notification.to(Address.email(who + "@example.com")).body("Hello").build();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRolledBackNeverWas(Databases database) throws Exception {
    DataSource source = withOrders(database);
    try (NotificationDispatcher dispatcher = on(source)) {
      SendReceipt receipt;
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        order(connection);
        receipt = dispatcher.inTransaction(connection).send(shipped);
        connection.rollback();
      }

      SendReceipt again = dispatcher.send(shipped);
      again.outcome().join();

      assertThat(again.answer()).as("its key is free").isEqualTo(Answer.NEW);
      assertThat(dispatcher.status(receipt.id())).isEmpty();
      assertThat(provider.calls()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAnOpenTransactionCountsKeepsNobodyWaiting(Databases database) throws Exception {
    DataSource source = withOrders(database);
    try (NotificationDispatcher dispatcher = on(source);
        Connection open = source.getConnection()) {
      Address gone = Address.email("gone@example.com");
      dispatcher
          .suppressions()
          .add(Suppression.of(gone, Suppression.Kind.MANUAL, "test", Instant.EPOCH));
      Notification suppressed = Notification.to(gone).body("Hello").build();
      open.setAutoCommit(false);
      dispatcher.inTransaction(open).send(suppressed);

      CompletableFuture<SendReceipt> other =
          CompletableFuture.supplyAsync(() -> dispatcher.send(suppressed));
      other.get(20, TimeUnit.SECONDS);
      dispatcher.send(shipped).outcome().get(20, TimeUnit.SECONDS);

      assertThat(suppressed(dispatcher)).as("before the commit").isEqualTo(1);
      open.commit();
      assertThat(suppressed(dispatcher)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void transactionsThatCountInOppositeOrderNeverWaitForEachOther(Databases database)
      throws Exception {
    DataSource source = withOrders(database);
    Address mail = Address.email("gone@example.com");
    Address phone = Address.sms("+4915112345678");
    try (NotificationDispatcher dispatcher =
            NotificationDispatcher.builder()
                .store(JdbcStore.of(source))
                .provider(provider)
                .provider(RecordingProvider.of(Channel.SMS))
                .build();
        Connection one = source.getConnection();
        Connection two = source.getConnection()) {
      for (Address gone : List.of(mail, phone)) {
        dispatcher
            .suppressions()
            .add(Suppression.of(gone, Suppression.Kind.MANUAL, "test", Instant.EPOCH));
      }
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      for (int round = 0; round < 2; round++) {
        sendMany(dispatcher, one, mail);
        sendMany(dispatcher, two, phone);
        CompletableFuture<Void> first =
            CompletableFuture.runAsync(() -> sendMany(dispatcher, one, phone));
        CompletableFuture<Void> second =
            CompletableFuture.runAsync(() -> sendMany(dispatcher, two, mail));
        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);
        // Nor does anybody wait for them.
        sendMany(dispatcher::send, mail);
        two.commit();
        one.commit();
      }

      assertThat(suppressed(dispatcher)).isEqualTo(2 * 5 * MANY);
      assertThat(suppressedByAcceptance(dispatcher)).isEqualTo(2 * 5 * MANY);
      try (JdbcStore store = JdbcStore.builder(source).keepForever().build()) {
        long ignored = store.prune();
      }
      assertThat(suppressed(dispatcher)).isEqualTo(2 * 5 * MANY);
      assertThat(suppressedByAcceptance(dispatcher)).isEqualTo(2 * 5 * MANY);
      assertThat(TableScan.count(source, "notify_tally")).isZero();
      assertThat(TableScan.count(source, "notify_tuple")).isEqualTo(2);
    }
  }

  private static final int MANY = 30;

  private static void sendMany(
      NotificationDispatcher dispatcher, Connection transaction, Address to) {
    sendMany(dispatcher.inTransaction(transaction)::send, to);
  }

  private static void sendMany(Function<Notification, SendReceipt> send, Address to) {
    for (int i = 0; i < MANY; i++) {
      var ignored = send.apply(Notification.to(to).body("Hello").build());
    }
  }

  private static long suppressedByAcceptance(NotificationDispatcher dispatcher) {
    Instant now = Instant.now();
    return dispatcher
        .analytics()
        .funnel(FunnelQuery.between(now.minus(Duration.ofHours(1)), now.plusSeconds(1)))
        .total()
        .count(Stage.SUPPRESSED);
  }

  private static long suppressed(NotificationDispatcher dispatcher) {
    Instant now = Instant.now();
    return dispatcher
        .statistics(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)))
        .count(DeliveryEvent.Type.SUPPRESSED);
  }

  @Test
  void whatIsNoTransactionIsRefusedByName() throws Exception {
    DataSource source = Databases.H2.clean();
    try (NotificationDispatcher dispatcher = on(source);
        Connection autoCommit = source.getConnection();
        Connection transaction = source.getConnection();
        NotificationDispatcher inMemory =
            NotificationDispatcher.builder().provider(provider).build()) {
      assertThatThrownBy(() -> dispatcher.inTransaction("a string"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("java.lang.String");
      assertThatThrownBy(() -> dispatcher.inTransaction(autoCommit))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("auto-commit");
      assertThatThrownBy(() -> inMemory.inTransaction(autoCommit))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("MemoryStore");

      transaction.setAutoCommit(false);
      assertThatThrownBy(
              () ->
                  dispatcher
                      .inTransaction(transaction)
                      .send(shipped.toBuilder().about("order", "1").replacePending().build()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("transaction");
      transaction.close();
      assertThatThrownBy(() -> dispatcher.inTransaction(transaction))
          .isInstanceOf(RefusedException.class);
    }
  }
}
