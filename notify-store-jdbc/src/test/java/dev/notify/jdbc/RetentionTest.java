package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.BroadcastId;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Recipient;
import dev.notify.routing.Audiences;
import dev.notify.spi.EngineClock;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What has been finished for long leaves the tables, with all that belongs to it. */
class RetentionTest {

  private static final Duration MONTH = Duration.ofDays(30);

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private JdbcStore store(DataSource source) {
    JdbcStore store = JdbcStore.builder(source).retention(MONTH).build();
    opened.add(store);
    return store;
  }

  /** A dispatcher in whose world it is this time, so that its ids and its rows are of then. */
  private NotificationDispatcher at(DataSource source, Instant time) {
    EngineClock clock = VirtualClock.at(time.toString());
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).keepForever().build())
        .clock(clock)
        .provider(provider)
        .build();
  }

  private static Notification.Builder hello(int i) {
    return Notification.to(Address.email("user-" + i + "@example.com")).body("Hello " + i);
  }

  private void finished(DataSource source, Instant when, int count) throws Exception {
    int before = provider.calls();
    long open = TableScan.count(source, "notify_delivery");
    try (NotificationDispatcher dispatcher = at(source, when)) {
      dispatcher.sendAll(IntStream.range(0, count).mapToObj(i -> hello(i).build()));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  provider.calls() == before + count
                      && TableScan.count(source, "notify_delivery") == open);
    }
  }

  private static Instant ago(int days) {
    return Instant.now().minus(Duration.ofDays(days));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOldGoesWithAllThatBelongsToItAndWhatIsYoungStays(Databases database) throws Exception {
    DataSource source = database.clean();
    provider.next(Outcome.rejected("no"));
    try (NotificationDispatcher old = at(source, ago(40))) {
      old.send(hello(1).build()).outcome().get(20, TimeUnit.SECONDS);
      SendReceipt sent = old.send(hello(2).idempotencyKey("k").build());
      String id =
          sent.outcome()
              .get(20, TimeUnit.SECONDS)
              .deliveries()
              .get(0)
              .providerMessageId()
              .orElseThrow();
      old.track(new ProviderEvent(provider.name(), id, Type.OPENED, ago(40), ""));
    }
    finished(source, ago(20), 3);
    assertThat(TableScan.count(source, "notify_attempt")).isPositive();
    assertThat(TableScan.count(source, "notify_event")).isPositive();

    assertThat(store(source).prune()).isEqualTo(2);

    assertThat(TableScan.count(source, "notify_message")).isEqualTo(3);
    assertThat(TableScan.count(source, "notify_outcome")).isEqualTo(3);
    assertThat(TableScan.count(source, "notify_attempt")).isZero();
    assertThat(TableScan.count(source, "notify_event")).isZero();
    assertThat(TableScan.count(source, "notify_key")).as("its window has ended").isZero();
    assertThat(store(source).prune()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOpenOrChangedLatelyStaysHoweverOldItIs(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher old = at(source, ago(40))) {
      old.schedule(hello(1).build(), Instant.now().plusSeconds(3600));
    }
    provider.next(Outcome.accepted("m-1"));
    finished(source, ago(40), 1);
    NotificationDispatcher now =
        NotificationDispatcher.builder().store(store(source)).provider(provider).build();
    opened.add(now);
    now.track(new ProviderEvent(provider.name(), "m-1", Type.DELIVERED, ago(1), "")).orElseThrow();

    assertThat(store(source).prune()).isZero();
    assertThat(TableScan.count(source, "notify_message")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void muchGoesInSmallStepsAndTwoProcessesShareIt(Databases database) throws Exception {
    DataSource source = database.clean();
    finished(source, ago(40), 1_200);
    FaultySource watched = new FaultySource(source);
    JdbcStore one = store(watched);
    JdbcStore two = store(source);
    int before = watched.commits();

    CompletableFuture<Long> other = CompletableFuture.supplyAsync(two::prune);
    long pruned = one.prune() + other.get(60, TimeUnit.SECONDS);

    assertThat(pruned).isEqualTo(1_200);
    assertThat(TableScan.count(source, "notify_message")).isZero();
    assertThat(TableScan.count(source, "notify_outcome")).isZero();
    assertThat(watched.commits() - before).as("transactions").isGreaterThan(3);
  }

  @ParameterizedTest
  @EnumSource
  void encryptedOnesGoWithoutAnyKey(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher old =
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(source)
                    .encryption(SampleKeys.encryption("gone").withKeyPerPerson())
                    .build())
            .clock(VirtualClock.at(ago(40).toString()))
            .provider(provider)
            .build()) {
      old.send(hello(1).build()).outcome().get(20, TimeUnit.SECONDS);
    }

    assertThat(store(source).prune()).isEqualTo(1);
    assertThat(TableScan.count(source, "notify_outcome")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void keysWithinTheirWindowStay(Databases database) throws Exception {
    DataSource source = database.clean();
    try (JdbcStore store = store(source);
        NotificationDispatcher now =
            NotificationDispatcher.builder().store(store).provider(provider).build()) {
      now.send(hello(1).idempotencyKey("k").build()).outcome().get(20, TimeUnit.SECONDS);

      assertThat(store.prune()).isZero();

      assertThat(TableScan.count(source, "notify_key")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void itHappensByItselfAndGoesOnAfterAnOutage(Databases database) throws Exception {
    FaultySource source = new FaultySource(database.clean());
    finished(source, ago(40), 2);
    Transactions transactions = new Transactions(source);
    Tables tables;
    try (Connection connection = source.getConnection()) {
      tables = new Tables(Database.of(connection), TableNames.DEFAULT);
    }
    Retention retention =
        new Retention(
            transactions, tables, new Endings(tables), InstantSource.system(), Optional.of(MONTH));
    Rewrapping rewrapping = new Rewrapping(transactions, tables, Optional.empty(), goesOn -> 0);

    source.goAway();
    try (Maintenance maintenance =
        new Maintenance(retention, rewrapping, goesOn -> {}, Duration.ofMillis(20))) {
      maintenance.start();
      await().until(() -> source.refused() > 2);
      source.comeBack();

      await().until(() -> TableScan.count(source, "notify_message") == 0);
    }
  }

  private static void passIn(DataSource source, Duration later) throws Exception {
    Tables tables;
    try (Connection connection = source.getConnection()) {
      tables = new Tables(Database.of(connection), TableNames.DEFAULT);
    }
    InstantSource then = () -> Instant.now().plus(later);
    new Retention(new Transactions(source), tables, new Endings(tables), then, Optional.of(MONTH))
        .pass(true, () -> true);
  }

  @ParameterizedTest
  @EnumSource
  void finishedBroadcastsGoWithTheirCountsOnceTheirMessagesAreGone(Databases database)
      throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).keepForever().build())
            .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
            .provider(provider)
            .build()) {
      BroadcastId done = broadcast(dispatcher, "done", Duration.ofMillis(1));
      BroadcastId watched = broadcast(dispatcher, "watched", Duration.ofDays(1));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> dispatcher.broadcasts().unfinished().size() == 1);

      passIn(source, Duration.ofDays(29));
      assertThat(dispatcher.broadcasts().find(done)).isPresent();
      TableScan.execute(
          source,
          "UPDATE notify_outcome SET updated_at = "
              + (database == Databases.MARIADB
                  ? "updated_at + INTERVAL 20 DAY"
                  : "updated_at + INTERVAL '20' DAY"));
      passIn(source, Duration.ofDays(31));
      assertThat(dispatcher.broadcasts().find(done)).as("its message changed late").isPresent();

      passIn(source, Duration.ofDays(51));

      assertThat(dispatcher.broadcasts().find(done)).isEmpty();
      assertThat(dispatcher.broadcasts().find(watched)).isPresent();
      String everything = "'00000000-0000-0000-0000-000000000000'";
      String scope = database == Databases.MARIADB ? "x" + everything.replace("-", "") : everything;
      assertThat(TableScan.count(source, "notify_count WHERE scope <> " + scope))
          .as("one was watched")
          .isEqualTo(1);
      assertThat(TableScan.count(source, "notify_count WHERE scope = " + scope)).isPositive();
    }
  }

  private static BroadcastId broadcast(
      NotificationDispatcher dispatcher, String name, Duration canaryWait) {
    Notification news = Notification.to("all").channels(Channel.EMAIL).body("News").build();
    return dispatcher
        .broadcast(
            Audiences.of(name, List.of("jane", "john")),
            news,
            BroadcastOptions.builder().canary(1, canaryWait).build())
        .id();
  }

  @ParameterizedTest
  @EnumSource
  void hoursAreCountedFor400DaysEvenIfNotificationsAreKeptForEver(Databases database)
      throws Exception {
    DataSource source = database.clean();
    finished(source, ago(401), 2);
    finished(source, ago(399), 3);

    try (JdbcStore store = JdbcStore.builder(source).keepForever().build()) {
      assertThat(sent(store)).isEqualTo(5);

      store.prune();

      assertThat(sent(store)).isEqualTo(3);
      assertThat(TableScan.count(source, "notify_message")).isEqualTo(5);
    }
  }

  private static long sent(JdbcStore store) {
    return store.statistics(ago(500), Instant.now()).count(Type.SENT);
  }

  @ParameterizedTest
  @EnumSource
  void forEverMeansForEver(Databases database) throws Exception {
    DataSource source = database.clean();
    finished(source, Instant.parse("2001-01-01T00:00:00Z"), 2);

    try (JdbcStore store = JdbcStore.builder(source).keepForever().build()) {
      assertThat(store.prune()).isZero();
    }
    assertThat(TableScan.count(source, "notify_message")).isEqualTo(2);
  }

  @Test
  void aRetentionThatIsNoneIsRefused() throws Exception {
    JdbcStoreBuilder builder = JdbcStore.builder(Databases.H2.clean());

    assertThatThrownBy(() -> builder.retention(Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("keepForever()");
  }
}
