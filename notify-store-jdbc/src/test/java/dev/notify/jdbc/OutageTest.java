package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.BulkReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database goes away while work is under way. */
class OutageTest {

  /**
   * No more than a lane holds: what does not fit is claimed, and only once the database is back.
   */
  private static final int MANY = 400;

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private FaultySource source = new FaultySource(new org.h2.jdbcx.JdbcDataSource());

  private NotificationDispatcher on(Databases database) throws Exception {
    source = new FaultySource(database.clean());
    return node(store());
  }

  private JdbcStore store() {
    return store(Duration.ofMillis(200));
  }

  private JdbcStore store(Duration heartbeat) {
    return JdbcStore.builder(source)
        .lease(Duration.ofMillis(900), heartbeat)
        .pollInterval(Duration.ofMillis(50))
        .build();
  }

  private NotificationDispatcher node(JdbcStore store) {
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder().store(store).provider(provider).build();
    opened.add(dispatcher);
    return dispatcher;
  }

  @AfterEach
  void close() throws Exception {
    source.comeBack();
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private static Notification.Builder hello(int i) {
    return Notification.to(Address.email("user-" + i + "@example.com")).body("Hello");
  }

  @ParameterizedTest
  @EnumSource
  void whatWasUnderWayIsNeitherLostNorSentTwice(Databases database) throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    provider.alwaysDoes(
        message -> {
          await(answer);
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos()); // what a provider takes
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher dispatcher = on(database);
    List<SendReceipt> receipts =
        IntStream.range(0, MANY)
            .parallel()
            .mapToObj(i -> dispatcher.send(hello(i).build()))
            .toList();

    source.goAway();
    answer.countDown();
    assertThatThrownBy(() -> dispatcher.send(hello(1_000).build()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.why()).isEqualTo(RefusedException.Why.STORE_UNAVAILABLE));
    int callsInOutage = provider.calls();
    // Longer than the lease: nobody else is there to take over, so what it held is still its own.
    CompletableFuture.runAsync(
            source::comeBack, CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS))
        .join();

    for (SendReceipt receipt : receipts) {
      assertThat(receipt.outcome().get(30, TimeUnit.SECONDS).deliveries().get(0).status())
          .isEqualTo(DeliveryStatus.SENT);
    }
    assertThat(callsInOutage).as("no more is sent than can be written down").isLessThan(MANY / 4);
    assertThat(provider.messages())
        .extracting(OutboundMessage::reference)
        .hasSize(MANY)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void closingWhileTheDatabaseIsAwayComesToAnEndAndLosesNothing(Databases database)
      throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    provider.alwaysDoes(
        message -> {
          await(answer);
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher dispatcher = on(database);
    List<SendReceipt> receipts =
        IntStream.range(0, 100).mapToObj(i -> dispatcher.send(hello(i).build())).toList();

    source.goAway();
    answer.countDown();
    CompletableFuture<Boolean> closing =
        CompletableFuture.supplyAsync(() -> dispatcher.close(Duration.ofMillis(500)));
    assertThat(closing.get(30, TimeUnit.SECONDS)).isFalse();
    source.comeBack();

    JdbcStore heir = store();
    node(heir);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                receipts.stream()
                    .map(receipt -> heir.find(receipt.id()).orElseThrow().deliveries().get(0))
                    .allMatch(delivery -> delivery.status() == DeliveryStatus.SENT));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCommitWhoseAnswerWasLostIsFoundOut(Databases database) throws Exception {
    NotificationDispatcher dispatcher = on(database);

    source.cutAfterCommit(2);
    SendReceipt receipt = dispatcher.send(hello(1).idempotencyKey("k").build());
    receipt.outcome().get(20, TimeUnit.SECONDS);

    assertThat(dispatcher.send(hello(1).idempotencyKey("k").build()).id()).isEqualTo(receipt.id());
    assertThat(provider.calls()).isEqualTo(1);
  }

  /** Where each person has a key of their own, it is looked at again before what is tried again. */
  @ParameterizedTest
  @EnumSource
  void aCommitWhoseAnswerWasLostIsFoundOutWithAKeyForEachPersonToo(Databases database)
      throws Exception {
    source = new FaultySource(database.clean());
    NotificationDispatcher dispatcher =
        node(
            JdbcStore.builder(source)
                .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
                .lease(Duration.ofMinutes(30), Duration.ofMinutes(9))
                .pollInterval(Duration.ofHours(1))
                .build());
    // The person's key is made, so that nothing but the notifications commits.
    dispatcher.send(hello(1).build()).outcome().get(20, TimeUnit.SECONDS);

    source.cutAfterCommit(1);
    dispatcher.send(hello(1).build()).outcome().get(20, TimeUnit.SECONDS);
    source.cutAfterCommit(1);
    BulkReceipt many = dispatcher.sendAll(IntStream.range(0, 20).mapToObj(i -> hello(1).build()));

    assertThat(source.cuts()).isEqualTo(2);
    assertThat(many.failures()).isEmpty();
    assertThat(many.accepted()).isEqualTo(20);
    Awaitility.await().until(() -> provider.calls() == 22);
    assertThat(TableScan.count(source, "notify_message")).as("each once").isEqualTo(22);
  }

  @ParameterizedTest
  @EnumSource
  void aCommitThatFailedIsTriedAgain(Databases database) throws Exception {
    NotificationDispatcher dispatcher = on(database);

    source.cutBeforeCommit(2);
    SendReceipt receipt = dispatcher.send(hello(1).build());

    assertThat(receipt.outcome().get(20, TimeUnit.SECONDS).isSettled()).isTrue();
    assertThat(provider.calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anEndThatWasWrittenThoughTheAnswerWasLostIsNotWrittenTwice(Databases database)
      throws Exception {
    provider.alwaysDoes(
        message -> {
          source.cutAfterCommit(1);
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher dispatcher = on(database);

    SendReceipt receipt = dispatcher.send(hello(1).build());

    assertThat(receipt.outcome().get(20, TimeUnit.SECONDS).deliveries().get(0).status())
        .isEqualTo(DeliveryStatus.SENT);
    assertThat(provider.calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anOrderToCancelThatWasCarriedOutThoughTheAnswerWasLostIsTold(Databases database)
      throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    provider.nextDoes(
        message -> {
          called.countDown();
          await(answer);
          source.cutAfterCommit(1);
          return Outcome.retryable("down");
        });
    NotificationDispatcher dispatcher = on(database);
    SendReceipt receipt = dispatcher.send(hello(1).build());
    await(called);

    assertThat(dispatcher.cancel(receipt.id()).inFlight()).hasSize(1);
    answer.countDown();

    assertThat(receipt.outcome().get(20, TimeUnit.SECONDS).deliveries().get(0).status())
        .isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(provider.calls()).isEqualTo(1);
  }

  @Test
  void whoComesBackFirstAfterAnOutageOfAllTakesNobodyForDead() throws Exception {
    DataSource real = Databases.H2.clean();
    source = new FaultySource(real);
    FaultySource early = new FaultySource(real);
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    provider.nextDoes(
        message -> {
          called.countDown();
          await(answer);
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher slow = node(store(Duration.ofMillis(300)));
    SendReceipt receipt = slow.send(hello(1).build());
    await(called);
    opened.add(
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(early)
                    .lease(Duration.ofMillis(900), Duration.ofMillis(20))
                    .pollInterval(Duration.ofMillis(20))
                    .build())
            .provider(provider)
            .build());

    source.goAway();
    early.goAway();
    answer.countDown();
    // Longer than the lease, so that nobody's heartbeat is fresh.
    CompletableFuture.runAsync(
            () -> {
              early.comeBack();
              source.comeBack();
            },
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS))
        .join();

    assertThat(receipt.outcome().get(30, TimeUnit.SECONDS).isSettled()).isTrue();
    assertThat(provider.calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCalledOffAfterItWasPutBackThoughTheAnswerWasLostIsToldByWhoCalledItOff(
      Databases database) throws Exception {
    DataSource real = database.clean();
    source = new FaultySource(real);
    JdbcStore holder = store();
    Delivery held = held(holder);
    Instant now = held.updatedAt();
    Delivery putBack =
        held.postponed(DeliveryStatus.PENDING, now.plusSeconds(60), Reason.of(Reason.RETRY), now);
    JdbcStore other = JdbcStore.of(real);
    opened.add(other);

    source.cutAfterCommit(Integer.MAX_VALUE);
    CompletableFuture<Optional<Delivery>> written = holder.updateSoon(putBack, List.of());
    Awaitility.await()
        .until(() -> other.find(held.id()).orElseThrow().status() == DeliveryStatus.PENDING);
    assertThat(
            other
                .cancel(
                    held, DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), now.plusMillis(9))
                .orElseThrow()
                .tookEffect())
        .isTrue();
    source.cutAfterCommit(0);

    assertThat(written.get(20, TimeUnit.SECONDS))
        .map(Delivery::status)
        .contains(DeliveryStatus.PENDING);
  }

  /** A delivery that this node holds and does nothing about. */
  private Delivery held(JdbcStore store) {
    NotificationDispatcher sender =
        NotificationDispatcher.builder()
            .store(store)
            .executor(
                task -> {
                  throw new RejectedExecutionException("nobody delivers here");
                })
            .provider(RecordingProvider.of(Channel.EMAIL))
            .build();
    opened.add(sender);
    SendReceipt receipt = sender.send(hello(1).build());
    return store.find(receipt.id()).orElseThrow().deliveries().get(0);
  }

  @Test
  void whoBeginsWhenTheDatabaseIsBackTakesNobodyForDead() throws Exception {
    source = new FaultySource(Databases.H2.clean());
    silentNode("alive");

    judge(Duration.ofSeconds(20));

    awaitBeats(3);
    assertThat(heartbeat("alive")).isPresent();
  }

  @Test
  void afterAnOutageShorterThanALeaseNobodyIsTakenForDead() throws Exception {
    source = new FaultySource(Databases.H2.clean());
    judge(Duration.ofSeconds(4));
    silentNode("dead");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heartbeat("dead").isEmpty());

    source.goAway();
    Awaitility.await().until(() -> source.refused() > 2);
    source.comeBack();
    silentNode("alive");

    awaitBeats(3);
    assertThat(heartbeat("alive")).isPresent();
  }

  private void judge(Duration lease) {
    JdbcStore store =
        JdbcStore.builder(source).lease(lease, Duration.ofMillis(20)).nodeName("judge").build();
    opened.add(store);
    store.start(() -> {});
  }

  /** As an outage longer than a lease leaves one that lives. */
  private void silentNode(String name) throws SQLException {
    try (Connection connection = source.getConnection()) {
      Database.run(
          connection,
          "INSERT INTO notify_node (name, heartbeat_at) VALUES ('"
              + name
              + "', TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00')");
    }
  }

  private Optional<Instant> heartbeat(String name) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT heartbeat_at FROM notify_node WHERE name = '" + name + "'")) {
      return rows.next() ? Optional.of(Database.H2.time(rows, "heartbeat_at")) : Optional.empty();
    }
  }

  /** Each looks after the others when it has gone through; the last one may be about to. */
  private void awaitBeats(int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      Optional<Instant> before = heartbeat("judge");
      Awaitility.await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> !heartbeat("judge").equals(before));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fewConnectionsAreEnoughAndNoneIsHeldDuringACall(Databases database) throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    provider.alwaysDoes(
        message -> {
          await(answer);
          return Outcome.accepted(message.reference());
        });
    NotificationDispatcher dispatcher = on(database);
    List<CompletableFuture<SendReceipt>> sends = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int n = i;
      sends.add(CompletableFuture.supplyAsync(() -> dispatcher.send(hello(n).build())));
    }
    answer.countDown();
    for (CompletableFuture<SendReceipt> send : sends) {
      send.get(20, TimeUnit.SECONDS).outcome().get(20, TimeUnit.SECONDS);
    }

    assertThat(source.mostLent()).isLessThanOrEqualTo(4);
  }
}
