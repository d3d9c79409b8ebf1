package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that would look for work once an hour are told of it; on PostgreSQL. */
class WakeupTest {

  private static final int ROUNDS = 20;

  private final DataSource source;
  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private NotificationDispatcher node;

  WakeupTest() throws SQLException {
    source = Databases.POSTGRESQL.clean();
  }

  @BeforeEach
  void open() {
    node =
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(source)
                    .lease(Duration.ofSeconds(5), Duration.ofMillis(200))
                    .pollInterval(Duration.ofHours(1))
                    .build())
            .provider(provider)
            .build();
    await().until(() -> listeners() == 1);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static Notification hello() {
    return Notification.to(Address.email("jane@example.com")).body("Hello").build();
  }

  private int listeners() throws SQLException {
    return Integer.parseInt(
        one("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN notify_wakeup_%'"));
  }

  private String one(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private void sendInTransaction() throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      node.inTransaction(connection).send(hello());
      connection.commit();
    }
  }

  @Test
  void whatATransactionSentIsDeliveredOnceItCommits() throws Exception {
    sendInTransaction();

    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 1);
  }

  @Test
  void whatATransactionSentThatRollsBackIsNotThereAndHoldsUpNobody() throws Exception {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      node.inTransaction(connection).send(hello());
      connection.rollback();
    }
    assertThat(one("SELECT count(*) FROM notify_delivery")).isEqualTo("0");

    // One whose commit is late may come after the word that was owed for it, and wait for a look.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              sendInTransaction();
              return provider.calls() >= 1;
            });
  }

  @Test
  void theLastOfManyThatFollowEachOtherQuicklyIsToldOfToo() throws Exception {
    int told = 0;
    int sent = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 5; i++) {
        sendInTransaction();
        sent++;
      }
      told += isAllHere(sent) ? 1 : 0;
    }
    // Where a commit is late, a look finds it, which is an hour away here.
    assertThat(told).as("rounds of %s whose last was heard of", ROUNDS).isGreaterThan(ROUNDS / 2);
  }

  private boolean isAllHere(int sent) {
    try {
      await().atMost(Duration.ofSeconds(2)).until(() -> provider.calls() == sent);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  @Test
  void aListenerThatIsCutOffListensAgainAndLooksForWhatItMissed() throws Exception {
    one(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE query LIKE 'LISTEN notify_wakeup_%'");
    sendInTransaction();

    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 1);
    await().atMost(Duration.ofSeconds(20)).until(() -> listeners() == 1);
  }

  @Test
  void closingGivesTheConnectionBack() throws Exception {
    node.close();

    await().until(() -> listeners() == 0);
  }
}
