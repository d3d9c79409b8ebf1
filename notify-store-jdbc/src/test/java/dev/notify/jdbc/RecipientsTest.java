package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.BroadcastId;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Device;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.Segment;
import dev.notify.spi.Audience;
import dev.notify.spi.RecipientStore;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * People in the tables: what can be read there, how often they are read, and broadcasts to them.
 */
class RecipientsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private JdbcStore open(JdbcStoreBuilder builder) {
    JdbcStore store = builder.pollInterval(Duration.ofMillis(20)).build();
    opened.add(store);
    return store;
  }

  private NotificationDispatcher dispatcher(DataSource source) {
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(20)).build())
            .provider(provider)
            .build();
    opened.add(dispatcher);
    return dispatcher;
  }

  private static Recipient jane() {
    return Recipient.builder("jane")
        .email("jane.doe@example.com")
        .locale(Locale.GERMAN)
        .attribute("nickname", "Janey")
        .attribute("plan", "pro")
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPersonalIsEncryptedButForWhatSegmentsMayAskFor(Databases database) throws Exception {
    DataSource source = database.clean();
    RecipientStore people =
        open(JdbcStore.builder(source).encryption(SampleKeys.encryption("k1")).searchable("plan"))
            .recipients()
            .orElseThrow();

    people.save(jane());
    people.register("jane", Device.of(Address.fcm("token-of-janes-phone"), NOW));

    assertThat(TableScan.everything(source))
        .doesNotContain("jane.doe")
        .doesNotContain("Janey")
        .doesNotContain("nickname")
        .doesNotContain("token-of-janes-phone")
        .contains("Tpro");
    assertThat(people.audience("pro", Segment.parse("plan = 'pro'")).page("", 9).members())
        .hasSize(1);
    assertThatThrownBy(() -> people.audience("some", Segment.parse("nickname = 'Janey'")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nickname")
        .hasMessageContaining("searchable");
  }

  @ParameterizedTest
  @EnumSource
  void ofWhoIsForgottenNothingIsLeftInTheTables(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher = dispatcher(source);
    dispatcher.recipients().save(jane());
    dispatcher.recipients().register("jane", Device.of(Address.fcm("phone"), NOW));
    dispatcher.recipients().follow("jane", "news", NOW);

    assertThat(dispatcher.forget("jane").recipient()).isTrue();

    assertThat(TableScan.everything(source)).doesNotContain("jane").doesNotContain("Jane");
    assertThat(TableScan.count(source, "notify_device")).isZero();
    assertThat(TableScan.count(source, "notify_fact")).isZero();
  }

  @Test
  void aRowThatNoKeyOpensIsNotTakenForNobody() throws Exception {
    DataSource source = Databases.H2.clean();
    open(JdbcStore.builder(source).encryption(SampleKeys.encryption("k1")))
        .recipients()
        .orElseThrow()
        .save(jane());
    RecipientStore other =
        open(JdbcStore.builder(source).encryption(SampleKeys.encryption("k2")))
            .recipients()
            .orElseThrow();

    assertThatThrownBy(() -> other.find("jane"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("k1")
        .hasMessageNotContaining("jane.doe");
    assertThatThrownBy(() -> other.save(jane())).isInstanceOf(ConfigurationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void whatAnotherProcessChangesIsSeenAfterTheCacheTime(Databases database) throws Exception {
    DataSource source = database.clean();
    RecipientStore one = open(JdbcStore.builder(source)).recipients().orElseThrow();
    RecipientStore two =
        open(JdbcStore.builder(source).cacheFor(Duration.ofMillis(200))).recipients().orElseThrow();
    assertThat(two.find("jane")).isEmpty();

    one.save(jane());

    assertThat(one.find("jane")).as("by the process itself, at once").isPresent();
    await().atMost(Duration.ofSeconds(5)).until(() -> two.find("jane").isPresent());
  }

  @Test
  void whoIsReadAgainCostsNoQueryWhetherThereOrNot() throws Exception {
    FaultySource source = new FaultySource(Databases.H2.clean());
    RecipientStore people = open(JdbcStore.builder(source)).recipients().orElseThrow();
    people.save(jane());
    assertThat(people.find("jane")).isPresent();
    assertThat(people.find("john")).isEmpty();

    source.goAway();

    assertThat(people.find("jane")).contains(jane());
    assertThat(people.find("john")).isEmpty();
    source.comeBack();
  }

  @ParameterizedTest
  @EnumSource
  void aPageOfABroadcastIsTwoQueriesAndItsPeopleNone(Databases database) throws Exception {
    FaultySource source = new FaultySource(database.clean());
    RecipientStore people = open(JdbcStore.builder(source)).recipients().orElseThrow();
    for (int i = 0; i < 50; i++) {
      people.save(Recipient.builder("p" + i).email("p" + i + "@example.com").build());
    }
    int before = source.commits();

    List<Audience.Member> members =
        people.audience("all", Segment.everyone()).page("", 1_000).members();

    assertThat(members).hasSize(50);
    assertThat(source.commits() - before).as("the end, and one portion").isEqualTo(2);
    source.goAway();
    members.forEach(member -> assertThat(people.find(member.id())).isPresent());
    source.comeBack();
  }

  @ParameterizedTest
  @EnumSource
  void whoFollowsSeveralTopicsGetsOneMessageAndWhoCausedItNone(Databases database)
      throws Exception {
    NotificationDispatcher dispatcher = dispatcher(database.clean());
    RecipientStore people = dispatcher.recipients();
    for (int i = 0; i < 30; i++) {
      String id = "p" + i;
      people.save(Recipient.builder(id).email(id + "@example.com").build());
      people.follow(id, i % 2 == 0 ? "ticket/7" : "other", NOW);
      people.follow(id, i % 3 == 0 ? "team/ops" : "other", NOW);
    }

    BroadcastId id =
        dispatcher
            .broadcast(
                people.audience(Segment.follows("ticket/7", "team/ops")),
                Notification.to("followers")
                    .channels(Channel.EMAIL)
                    .actor("p6")
                    .body("Ticket 7 is closed")
                    .build(),
                BroadcastOptions.builder().pageSize(7).build())
            .id();

    await().atMost(Duration.ofSeconds(30)).until(() -> isFinished(dispatcher, id));
    assertThat(provider.messages())
        .extracting(message -> message.recipientId())
        .doesNotContain("p6")
        .doesNotHaveDuplicates()
        .hasSize(19);
  }

  @ParameterizedTest
  @EnumSource
  void anotherProcessGoesOnWithASegmentThatNobodyToldItOf(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher one = dispatcher(source);
    for (int i = 0; i < 40; i++) {
      String id = "p" + i;
      one.recipients()
          .save(
              Recipient.builder(id)
                  .email(id + "@example.com")
                  .attribute("plan", i % 2 == 0 ? "pro" : "free")
                  .build());
    }
    BroadcastId id =
        one.broadcast(
                one.recipients().audience(Segment.parse("plan = 'pro'")),
                Notification.to("all").channels(Channel.EMAIL).body("News").build(),
                BroadcastOptions.builder().pageSize(1).build())
            .id();
    one.broadcasts().pause(id);
    one.close();

    NotificationDispatcher two = dispatcher(source);
    two.broadcasts().resume(id);

    await().atMost(Duration.ofSeconds(30)).until(() -> isFinished(two, id));
    assertThat(provider.messages())
        .extracting(message -> message.recipientId())
        .doesNotHaveDuplicates()
        .hasSize(20);
  }

  private static boolean isFinished(NotificationDispatcher dispatcher, BroadcastId id) {
    return dispatcher.broadcasts().find(id).orElseThrow().state().isFinished();
  }
}
