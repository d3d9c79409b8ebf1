package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.spi.NotificationStore.Claim;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left in the tables is taken up: after a stop, by another node, or not at all. */
class RecoveryTest {

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<NotificationDispatcher> opened = new ArrayList<>();

  private NotificationDispatcher node(DataSource source, RecordingProvider with) {
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(source)
                    .lease(Duration.ofSeconds(5), Duration.ofMillis(500))
                    .pollInterval(Duration.ofMillis(20))
                    .build())
            .provider(with)
            .build();
    opened.add(dispatcher);
    return dispatcher;
  }

  @AfterEach
  void close() {
    opened.forEach(NotificationDispatcher::close);
  }

  private static Notification.Builder hello(int i) {
    return Notification.to(Address.email("user-" + i + "@example.com")).body("Hello " + i);
  }

  @ParameterizedTest
  @EnumSource
  void schedulesRetriesAndDeadLettersOutliveAStop(Databases database) throws Exception {
    DataSource source = database.clean();
    provider.next(Outcome.rejected("no")).next(Outcome.retryable("down", Duration.ofSeconds(1)));
    NotificationDispatcher first = node(source, provider);
    first.send(hello(1).build()).outcome().get(20, TimeUnit.SECONDS);
    SendReceipt retried = first.send(hello(2).build());
    SendReceipt scheduled = first.schedule(hello(3).build(), Instant.now().plusSeconds(2));
    SendReceipt cancelled = first.schedule(hello(4).build(), Instant.now().plusSeconds(3600));
    first.cancel(cancelled.id());
    await().until(() -> provider.calls() == 2);
    first.close();

    NotificationDispatcher second = node(source, provider);
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 4);

    assertThat(second.deadLetters(10)).hasSize(1);
    for (SendReceipt receipt : List.of(retried, scheduled)) {
      await().until(() -> status(second, receipt) == DeliveryStatus.SENT);
    }
    assertThat(status(second, cancelled)).isEqualTo(DeliveryStatus.CANCELLED);
  }

  private static DeliveryStatus status(NotificationDispatcher dispatcher, SendReceipt receipt) {
    return dispatcher.status(receipt.id()).orElseThrow().deliveries().get(0).status();
  }

  @ParameterizedTest
  @EnumSource
  void severalNodesShareTheWorkAndSendEachOnce(Databases database) throws Exception {
    DataSource source = database.clean();
    RecordingProvider one = RecordingProvider.of(Channel.EMAIL);
    RecordingProvider two = RecordingProvider.of(Channel.EMAIL);
    NotificationDispatcher sender = node(source, one);
    node(source, two);
    Instant soon = Instant.now().plusMillis(700);
    for (int i = 0; i < 300; i++) {
      sender.schedule(hello(i).build(), soon);
    }

    await().atMost(Duration.ofSeconds(30)).until(() -> one.calls() + two.calls() >= 300);

    Set<String> references =
        Stream.concat(one.messages().stream(), two.messages().stream())
            .map(OutboundMessage::reference)
            .collect(Collectors.toSet());
    assertThat(references).hasSize(300);
    assertThat(one.calls() + two.calls()).isEqualTo(300);
  }

  @ParameterizedTest
  @EnumSource
  void anOutcomeThatAnotherNodeBringsAboutIsNoticed(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher sender = node(source, provider);
    node(source, RecordingProvider.of(Channel.EMAIL));
    List<SendReceipt> receipts = new ArrayList<>();
    Instant soon = Instant.now().plusMillis(500);
    for (int i = 0; i < 100; i++) {
      receipts.add(sender.schedule(hello(i).build(), soon));
    }

    for (SendReceipt receipt : receipts) {
      assertThat(receipt.outcome().get(20, TimeUnit.SECONDS).isSettled()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGracefulStopUnderLoadLosesDuplicatesAndLeavesNothing(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher first = node(source, provider);
    for (int i = 0; i < 500; i++) {
      first.send(hello(i).build());
    }
    assertThat(first.close(Duration.ofSeconds(30))).isTrue();
    assertThat(TableScan.count(source, "notify_delivery WHERE owner IS NOT NULL")).isZero();
    assertThat(TableScan.count(source, "notify_node")).isZero();

    node(source, provider);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> TableScan.count(source, "notify_delivery") == 0);

    assertThat(provider.messages())
        .extracting(OutboundMessage::reference)
        .hasSize(500)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void whatANodeHoldsThatIsNotThereIsTakenBack(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = node(source, provider)) {
      writer.schedule(hello(1).build(), Instant.now().plusSeconds(3600));
    }
    TableScan.execute(source, "UPDATE notify_delivery SET owner = 4711, due = " + past(database));

    node(source, provider);

    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 1);
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeReadIsSetAsideAndTheRestGoesOn(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher writer = node(source, provider);
    Instant soon = Instant.now().plusMillis(800);
    SendReceipt poison = writer.schedule(hello(1).build(), soon);
    SendReceipt healthy = writer.schedule(hello(2).build(), soon);
    TableScan.execute(
        source,
        "UPDATE notify_message SET body = "
            + (database == Databases.POSTGRESQL ? "'\\x00'::bytea" : "X'00'")
            + " WHERE recipient_id = '"
            + hello(1).build().recipientId()
            + "'");

    healthy.outcome().get(20, TimeUnit.SECONDS);
    await().until(() -> !writer.deadLetters(10).isEmpty());

    Delivery dead = writer.deadLetters(10).get(0);
    assertThat(dead.notificationId()).isEqualTo(poison.id());
    assertThat(dead.reason().map(Reason::code)).contains(Reason.QUARANTINED);
    assertThat(provider.calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whoKilledItsNodesIsSetAsideAndTheBystandersAreSent(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = node(source, provider)) {
      for (int i = 0; i < 5; i++) {
        writer.schedule(hello(i).build(), Instant.now().plusSeconds(3600));
      }
    }
    // As three deaths leave it: the first two with all of them in hand, the third with one.
    String culprit = hello(2).build().recipientId();
    TableScan.execute(source, "UPDATE notify_delivery SET deaths = 2, due = " + past(database));
    TableScan.execute(
        source,
        "UPDATE notify_delivery SET deaths = 3 WHERE message_id IN"
            + " (SELECT id FROM notify_message WHERE recipient_id = '"
            + culprit
            + "')");

    NotificationDispatcher heir = node(source, provider);
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls() == 4);

    assertThat(heir.deadLetters(10))
        .singleElement()
        .satisfies(
            dead -> {
              assertThat(dead.recipientId()).isEqualTo(culprit);
              assertThat(dead.reason().map(Reason::code)).contains(Reason.QUARANTINED);
            });
  }

  @ParameterizedTest
  @EnumSource
  void whatSurvivedTwoNodesIsInANodesHandsAloneUntilThatIsDoneWithIt(Databases database)
      throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = node(source, provider)) {
      for (int i = 0; i < 3; i++) {
        writer.schedule(hello(i).build(), Instant.now().plusSeconds(60));
      }
    }
    TableScan.execute(source, "UPDATE notify_delivery SET deaths = 2");
    Map<Lane, Integer> room = Map.of(new Lane(Channel.EMAIL, Priority.NORMAL), 10);
    try (JdbcStore heir = JdbcStore.of(source)) {
      Instant due = heir.clock().orElseThrow().instant().plusSeconds(90);
      Claim first = heir.claim(room, due);
      assertThat(first.held()).hasSize(1);

      Claim meanwhile = heir.claim(room, due);

      assertThat(meanwhile.held()).as("a third death would be theirs too").isEmpty();
      assertThat(meanwhile.nextDue()).hasValueSatisfying(at -> assertThat(at).isAfter(due));
      Delivery sent = first.held().get(0).delivery().sent("email", "1", due);
      assertThat(heir.update(sent, List.of())).isPresent();
      assertThat(heir.claim(room, due).held()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWasTakenForDeadIsNotInChargeOfWhatWasTakenBackThoughItStillHoldsTheRest(
      Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = node(source, provider)) {
      for (int i = 0; i < 2; i++) {
        writer.schedule(hello(i).build(), Instant.now().plusSeconds(60));
      }
    }
    Map<Lane, Integer> room = Map.of(new Lane(Channel.EMAIL, Priority.NORMAL), 10);
    FaultySource cut = new FaultySource(source);
    CountDownLatch back = new CountDownLatch(1);
    try (JdbcStore slow = quick(cut, "slow");
        JdbcStore other = quick(source, "other");
        Connection locker = source.getConnection()) {
      slow.start(() -> {});
      Instant due = slow.clock().orElseThrow().instant().plusSeconds(90);
      List<Delivery> held =
          slow.claim(room, due).held().stream().map(one -> one.delivery()).toList();
      locker.setAutoCommit(false);
      lock(database, locker, held.get(0));
      cut.hangUntil(back);
      other.start(() -> {});
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> TableScan.count(source, "notify_delivery WHERE owner IS NULL") == 1);
      String before = lastHeartbeat(source);

      back.countDown();
      await().atMost(Duration.ofSeconds(20)).until(() -> !lastHeartbeat(source).equals(before));
      // The first one was asked for long ago, and proves nothing.
      String first = lastHeartbeat(source);
      await().atMost(Duration.ofSeconds(20)).until(() -> !lastHeartbeat(source).equals(first));

      assertThat(slow.isInCharge(held.get(1))).isFalse();
      locker.rollback();
    } finally {
      back.countDown();
    }
  }

  /** A worker that was kept up may come to its call only now. */
  @Test
  void whoHasClosedIsInChargeOfNothing() throws Exception {
    DataSource source = Databases.H2.clean();
    try (NotificationDispatcher writer = node(source, provider)) {
      writer.schedule(hello(0).build(), Instant.now().plusSeconds(60));
    }
    JdbcStore store = JdbcStore.of(source);
    store.start(() -> {});
    Instant due = store.clock().orElseThrow().instant().plusSeconds(90);
    Map<Lane, Integer> room = Map.of(new Lane(Channel.EMAIL, Priority.NORMAL), 10);
    Delivery held = store.claim(room, due).held().get(0).delivery();
    assertThat(store.isInCharge(held)).isTrue();

    store.close();

    assertThat(store.isInCharge(held)).isFalse();
  }

  private static JdbcStore quick(DataSource source, String name) {
    return JdbcStore.builder(source)
        .nodeName(name)
        .lease(Duration.ofMillis(900), Duration.ofMillis(200))
        .build();
  }

  /** As a transaction of its own does that has not come to its end. */
  private static void lock(Databases database, Connection connection, Delivery delivery)
      throws SQLException {
    String id = delivery.id().toString();
    String literal =
        database == Databases.MARIADB ? "X'" + id.replace("-", "") + "'" : "'" + id + "'";
    try (Statement statement = connection.createStatement()) {
      statement
          .executeQuery("SELECT id FROM notify_delivery WHERE id = " + literal + " FOR UPDATE")
          .next();
    }
  }

  private static String lastHeartbeat(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT MAX(heartbeat_at) FROM notify_node WHERE name = 'slow'")) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCalledOffByAnotherNodeIsNotTriedAgain(Databases database) throws Exception {
    DataSource source = database.clean();
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    provider.nextDoes(
        message -> {
          called.countDown();
          await().until(() -> answer.getCount() == 0);
          return Outcome.retryable("down");
        });
    NotificationDispatcher sender = node(source, provider);
    NotificationDispatcher other = node(source, RecordingProvider.of(Channel.EMAIL));
    SendReceipt receipt = sender.send(hello(1).build());
    assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(other.cancel(receipt.id()).inFlight()).hasSize(1);
    answer.countDown();

    Delivery delivery = receipt.outcome().get(20, TimeUnit.SECONDS).deliveries().get(0);
    assertThat(delivery.status()).isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(provider.calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCalledOffOutlivesTheNodeThatHeldIt(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = node(source, provider)) {
      writer.schedule(hello(1).build(), Instant.now().plusSeconds(60));
    }
    Map<Lane, Integer> room = Map.of(new Lane(Channel.EMAIL, Priority.NORMAL), 1);
    try (JdbcStore heir = JdbcStore.of(source)) {
      Instant due = heir.clock().orElseThrow().instant().plusSeconds(90);
      Delivery delivery;
      try (JdbcStore holder = JdbcStore.of(source)) {
        delivery = holder.claim(room, due).held().get(0).delivery();
        heir.cancel(delivery, DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), due);
      }

      Claim claim = heir.claim(room, due);

      assertThat(claim.held()).isEmpty();
      assertThat(claim.ended())
          .singleElement()
          .satisfies(
              ended -> {
                assertThat(ended.id()).isEqualTo(delivery.id());
                assertThat(ended.status()).isEqualTo(DeliveryStatus.CANCELLED);
              });
      assertThat(heir.find(delivery.notificationId()).orElseThrow().deliveries())
          .isEqualTo(claim.ended());
    }
  }

  private static String past(Databases database) {
    return database == Databases.MARIADB
        ? "'2026-01-01 00:00:00'"
        : "TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00'";
  }
}
