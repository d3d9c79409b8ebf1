package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.Notification;
import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Recipient;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.policy.SendTime;
import dev.notify.routing.Audiences;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.SuppressionList;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Choices and suppressions in tables that several nodes share. */
class PeopleTablesTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");
  private static final Address JANE = Address.email("Jane.Hemlock@example.com");
  private static final Choice NO = new Choice(false, NOW, "settings page");
  private static final Origin ORIGIN = new Origin("jane", "settings page", NOW);

  private final List<JdbcStore> opened = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() {
    opened.forEach(JdbcStore::close);
  }

  private JdbcStore store(DataSource source) {
    return opened(JdbcStore.builder(source).ticker(nanos::get).build());
  }

  private JdbcStore encrypted(DataSource source, String key, String... earlier) {
    return opened(
        JdbcStore.builder(source)
            .encryption(SampleKeys.encryption(key, earlier))
            .cacheFor(Duration.ZERO)
            .build());
  }

  private JdbcStore opened(JdbcStore store) {
    opened.add(store);
    return store;
  }

  private static Suppression stop() {
    return Suppression.of(JANE, Kind.OPT_OUT, "STOP", NOW);
  }

  @ParameterizedTest
  @EnumSource
  void changesOfTwoNodesAtOneMomentAreAllThere(Databases database) throws Exception {
    DataSource source = database.clean();
    List<JdbcStore> nodes = List.of(store(source), store(source));

    IntStream.range(0, 24)
        .parallel()
        .forEach(
            i -> {
              JdbcStore node = nodes.get(i % 2);
              node.preferences()
                  .orElseThrow()
                  .update("jane", ORIGIN, p -> p.toBuilder().category("c" + i, NO).build());
              node.suppressions()
                  .orElseThrow()
                  .update(
                      JANE, known -> Optional.of(known.map(PeopleTablesTest::more).orElse(stop())));
            });

    PreferenceStore choices = store(source).preferences().orElseThrow();
    assertThat(choices.find("jane").choices()).hasSize(24);
    assertThat(choices.history("jane"))
        .hasSize(24)
        .extracting(change -> change.after().choices().size())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 24).boxed().toList());
    assertThat(store(source).suppressions().orElseThrow().find(JANE).orElseThrow().at())
        .isEqualTo(NOW.plusSeconds(23));
  }

  private static Suppression more(Suppression known) {
    return Suppression.of(JANE, Kind.OPT_OUT, "STOP", known.at().plusSeconds(1));
  }

  @Test
  void theWritingNodeSeesItsChangeAtOnceAndOthersWithinTenSeconds() throws Exception {
    DataSource source = Databases.H2.clean();
    JdbcStore here = store(source);
    JdbcStore there = store(source);
    for (JdbcStore node : List.of(here, there)) {
      assertThat(node.preferences().orElseThrow().find("jane")).isEqualTo(Preferences.NONE);
      assertThat(node.suppressions().orElseThrow().find(JANE)).isEmpty();
    }

    Preferences after =
        here.preferences()
            .orElseThrow()
            .update("jane", ORIGIN, p -> p.toBuilder().everything(NO).build());
    here.suppressions().orElseThrow().add(stop());

    assertThat(here.preferences().orElseThrow().find("jane")).isEqualTo(after);
    assertThat(here.suppressions().orElseThrow().find(JANE)).contains(stop());
    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    assertThat(there.preferences().orElseThrow().find("jane")).isEqualTo(Preferences.NONE);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(there.preferences().orElseThrow().find("jane")).isEqualTo(after);
    assertThat(there.suppressions().orElseThrow().find(JANE)).contains(stop());
  }

  @Test
  void whatIsCachedCostsNoQueryAndWithoutCacheEverySendReads() throws Exception {
    DataSource source = Databases.H2.clean();
    JdbcStore cached = store(source);
    JdbcStore uncached = opened(JdbcStore.builder(source).cacheFor(Duration.ZERO).build());
    SuppressionList list = cached.suppressions().orElseThrow();
    assertThat(list.find(JANE)).isEmpty();
    assertThat(uncached.suppressions().orElseThrow().find(JANE)).isEmpty();

    TableScan.execute(source, "ALTER TABLE notify_suppression RENAME TO notify_away");
    try {
      assertThat(list.find(JANE)).isEmpty();
      assertThatThrownBy(() -> uncached.suppressions().orElseThrow().find(JANE))
          .hasMessageContaining("database");
    } finally {
      TableScan.execute(source, "ALTER TABLE notify_away RENAME TO notify_suppression");
    }
    assertThatThrownBy(() -> JdbcStore.builder(source).cacheFor(Duration.ofSeconds(-1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cacheFor");
  }

  @ParameterizedTest
  @EnumSource
  void aDispatcherOnTheStoreRemembersAfterARestart(Databases database) throws Exception {
    DataSource source = database.clean();
    Notification news =
        Notification.to(Recipient.builder("jane").email(JANE.value()).sms("+4930123").build())
            .channels(Channel.EMAIL, Channel.SMS)
            .body("News")
            .build();
    try (NotificationDispatcher before = on(JdbcStore.of(source))) {
      before
          .preferences()
          .update("jane", "jane", "page", p -> p.toBuilder().channel(Channel.SMS, NO).build());
      before.suppressions().add(stop());
    }

    try (NotificationDispatcher after = on(JdbcStore.of(source))) {
      assertThat(after.explain(news))
          .allSatisfy(
              decided -> assertThat(decided.decision()).isInstanceOf(Decision.Suppress.class));
      PreferenceChange change = after.preferences().history("jane").get(0);
      assertThat(change.origin().actor()).isEqualTo("jane");
      assertThat(after.forget("jane").choices()).isEqualTo(1);
      assertThat(after.preferences().history("jane")).isEmpty();
      assertThat(after.suppressions().find(JANE)).as("outlives the erasure").isPresent();
    }
    assertThat(TableScan.count(source, "notify_preference")).isZero();
    assertThat(TableScan.count(source, "notify_consent")).isZero();
  }

  private static NotificationDispatcher on(JdbcStore store) {
    return NotificationDispatcher.builder()
        .store(store)
        .provider(RecordingProvider.of(Channel.EMAIL))
        .provider(RecordingProvider.of(Channel.SMS))
        .build();
  }

  /** With as many senders as connections, each would wait for one that nobody gives back. */
  @ParameterizedTest
  @EnumSource
  void aSendInATransactionAsksOnItsOwnConnectionAndKeepsNothingOfWhatItSaw(Databases database)
      throws Exception {
    DataSource source = database.clean();
    JdbcStore store = store(source);
    Notification mail = Notification.to(JANE).body("Hello").build();
    try (NotificationDispatcher dispatcher = on(store);
        Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      assertThat(store.join(connection).within(() -> store.suppressions().orElseThrow().find(JANE)))
          .isEmpty();
      dispatcher.suppressions().add(stop());
      connection.rollback();

      assertThat(dispatcher.inTransaction(connection).send(mail).decisions())
          .allSatisfy(
              decided -> assertThat(decided.decision()).isInstanceOf(Decision.Suppress.class));
      connection.rollback();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noAddressStandsInTheClearWhereTheStoreEncrypts(Databases database) throws Exception {
    DataSource source = database.clean();
    SuppressionList list = encrypted(source, "k1").suppressions().orElseThrow();
    list.add(stop());

    assertThat(TableScan.everything(source)).doesNotContainIgnoringCase("Hemlock");
    assertThat(encrypted(source, "k1").suppressions().orElseThrow().find(JANE)).contains(stop());
    SuppressionList stranger = encrypted(source, "k2").suppressions().orElseThrow();
    assertThatThrownBy(() -> stranger.find(JANE)).isInstanceOf(ConfigurationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasThereBeforeTheKeysIsFoundAndSealedByTheCurrentKeyInTime(Databases database)
      throws Exception {
    DataSource source = database.clean();
    Address john = Address.sms("+14155550142");
    Suppression johns = Suppression.of(john, Kind.COMPLAINT, "reported", NOW);
    store(source).suppressions().orElseThrow().add(stop());
    store(source).suppressions().orElseThrow().add(johns);
    JdbcStore first = encrypted(source, "k1");
    assertThat(first.suppressions().orElseThrow().find(JANE)).contains(stop());
    assertThat(first.suppressions().orElseThrow().update(JANE, k -> k.map(PeopleTablesTest::more)))
        .isTrue();
    assertThat(TableScan.count(source, "notify_suppression"))
        .as("two entries, and the key by which they are found")
        .isEqualTo(3);

    JdbcStore second = encrypted(source, "k2", "k1");
    assertThat(second.rewrapPersonKeys()).isEqualTo(3);
    assertThat(second.rewrapPersonKeys()).isZero();

    SuppressionList last = encrypted(source, "k2").suppressions().orElseThrow();
    assertThat(last.find(JANE)).contains(more(stop()));
    assertThat(last.find(john)).contains(johns);
    List<Suppression> all = new ArrayList<>();
    last.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrder(more(stop()), johns);
    assertThat(last.remove(john)).isTrue();
    assertThat(last.find(john)).isEmpty();
  }

  private static final int MANY = 60;

  /** Of ten people one has opted out, one is on the list, and one is unknown. */
  private void fill(JdbcStore store) {
    for (int i = 0; i < MANY; i++) {
      String id = "u" + i;
      Address address = Address.email(id + "@example.com");
      if (i % 10 == 1) {
        store
            .preferences()
            .orElseThrow()
            .update(id, ORIGIN, before -> before.toBuilder().channel(Channel.EMAIL, NO).build());
      }
      if (i % 10 == 2) {
        store.suppressions().orElseThrow().add(Suppression.of(address, Kind.OPT_OUT, "STOP", NOW));
      }
      if (i % 10 != 3) {
        store
            .recipients()
            .orElseThrow()
            .update(id, before -> before.with(Recipient.builder(id).address(address).build()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyPeopleAreNotReadOneByOne(Databases database) throws Exception {
    DataSource tables = database.clean();
    fill(store(tables));
    FaultySource counting = new FaultySource(tables);
    RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
    List<String> ids = IntStream.range(0, MANY).mapToObj(i -> "u" + i).toList();
    Notification news =
        Notification.to("all")
            .category("news")
            .title("News")
            .body("Now")
            .channels(Channel.EMAIL)
            .build();
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(counting).pollInterval(Duration.ofSeconds(1)).build())
            .categories(Category.optional("news"))
            .sendTime(SendTime.ofCategory("news"))
            .provider(email)
            .build()) {
      dispatcher.sendAll(ids.stream().map(news::forRecipient));
      await().atMost(Duration.ofSeconds(60)).until(() -> email.calls() == MANY * 7 / 10);
      assertThat(aboutPeople(counting)).as("sent at a stroke").isLessThan(MANY);
    }
    try (NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(counting).pollInterval(Duration.ofSeconds(1)).build())
            .categories(Category.optional("news"))
            .sendTime(SendTime.ofCategory("news"))
            .provider(email)
            .build()) {
      long before = aboutPeople(counting);
      BroadcastId id = dispatcher.broadcast(Audiences.of("all", ids), news).id();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> dispatcher.broadcasts().find(id).orElseThrow().state() == State.COMPLETED);
      assertThat(email.calls()).isEqualTo(2 * MANY * 7 / 10);
      assertThat(aboutPeople(counting) - before).as("broadcast").isLessThan(MANY);
    }
  }

  private static long aboutPeople(FaultySource source) {
    return Stream.of(
            "FROM notify_preference",
            "FROM notify_suppression",
            "FROM notify_recipient",
            "FROM notify_habit")
        .mapToLong(source::prepared)
        .sum();
  }

  @Test
  void whatIsReadAtAStrokeWhileItChangesIsNotKept() {
    Recent<String, String> recent = new Recent<>(Duration.ofSeconds(10), nanos::get);

    recent.expect(
        List.of("k"),
        keys -> {
          recent.drop("k");
          return Map.of("k", "old");
        });

    assertThat(recent.peek("k")).isEmpty();
  }

  /** Or hardly anything would be kept where many write. */
  @Test
  void whatOthersChangeMeanwhileIsNoReasonToReadAllOfItAgain() {
    Recent<String, String> recent = new Recent<>(Duration.ofSeconds(10), nanos::get);

    recent.expect(
        List.of("k"),
        keys -> {
          recent.drop("another");
          return Map.of("k", "new");
        });

    assertThat(recent.peek("k")).contains("new");
  }

  @Test
  void aReadingThatBeganBeforeAChangeDoesNotOutliveIt() {
    Recent<String, String> recent = new Recent<>(Duration.ofSeconds(10), nanos::get);
    assertThat(recent.get("k", k -> "old")).isEqualTo("old");

    recent.drop("k");

    assertThat(recent.get("k", k -> "new")).isEqualTo("new");
    assertThat(recent.get("k", k -> "newer")).isEqualTo("new");
  }
}
