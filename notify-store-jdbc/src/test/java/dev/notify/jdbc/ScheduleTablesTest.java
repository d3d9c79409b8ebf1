package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tables of schedules and habits show, and what is left of them. */
class ScheduleTablesTest {

  private static final Recipient JANE =
      Recipient.builder("jane").email("jane@secret.example").build();

  private static RecurringSchedule schedule() {
    return RecurringSchedule.of(
            "report",
            "0 9 * * *",
            Notification.to(JANE).body("between us").channels(Channel.EMAIL).build())
        .build();
  }

  private static NotificationDispatcher on(JdbcStoreBuilder store) {
    return NotificationDispatcher.builder()
        .store(store.build())
        .provider(RecordingProvider.of(Channel.EMAIL))
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void anEncryptedStoreShowsNothingOfWhatIsSaidAndToWhom(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher dispatcher =
        on(JdbcStore.builder(source).encryption(SampleKeys.encryption("k1")))) {
      dispatcher.schedules().create(schedule());

      assertThat(TableScan.count(source, "notify_schedule")).isEqualTo(1);
      assertThat(TableScan.everything(source)).doesNotContain("between us", "secret.example");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaysForGoodGoesOverToTheCurrentKey(Databases database) throws Exception {
    DataSource source = database.clean();
    RecurringSchedule toMany =
        RecurringSchedule.of(
                "news",
                "0 9 * * *",
                Notification.to("all").body("between us").channels(Channel.EMAIL).build())
            .toAudience("all")
            .build();
    try (JdbcStore plain = JdbcStore.of(source);
        NotificationDispatcher dispatcher = on(JdbcStore.builder(source))) {
      plain.recipients().orElseThrow().save(JANE);
      dispatcher.schedules().create(schedule());
      dispatcher.schedules().create(toMany);
      dispatcher.schedules().pause("news");
    }
    for (Encryption encryption :
        List.of(
            SampleKeys.encryption("k1"),
            SampleKeys.encryption("k2", "k1"),
            SampleKeys.encryption("k3", "k2").withKeyPerPerson(),
            SampleKeys.encryption("k4", "k3").withKeyPerPerson())) {
      try (JdbcStore store = encrypted(source, encryption)) {
        assertThat(store.rewrapPersonKeys()).isPositive();
        assertThat(store.rewrapPersonKeys()).isZero();
        assertThat(TableScan.everything(source)).doesNotContain("between us", "secret.example");
      }
    }

    try (JdbcStore last = encrypted(source, SampleKeys.encryption("k4").withKeyPerPerson())) {
      assertThat(last.recipients().orElseThrow().find("jane")).contains(JANE);
      assertThat(last.schedules().orElseThrow().list("", 10))
          .extracting(StoredSchedule::id)
          .containsExactly("news", "report");
    }
  }

  private static JdbcStore encrypted(DataSource source, Encryption encryption) {
    return JdbcStore.builder(source).encryption(encryption).cacheFor(Duration.ZERO).build();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftOfWhoIsForgotten(Databases database) throws Exception {
    DataSource source = database.clean();
    try (JdbcStore store = JdbcStore.of(source);
        NotificationDispatcher dispatcher = on(JdbcStore.builder(source))) {
      dispatcher.schedules().create(schedule());
      store.openHours().orElseThrow().note("jane", 7);

      var erasure = dispatcher.forget("jane");

      assertThat(erasure.schedules()).isEqualTo(1);
      assertThat(erasure.openHours()).isTrue();
      assertThat(TableScan.count(source, "notify_schedule")).isZero();
      assertThat(TableScan.count(source, "notify_habit")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void habitsOfLongAgoAreDeleted(Databases database) throws Exception {
    DataSource source = database.clean();
    try (JdbcStore store = JdbcStore.of(source)) {
      store.openHours().orElseThrow().note("jane", 7);
      store.prune();
      assertThat(TableScan.count(source, "notify_habit")).isEqualTo(1);

      TableScan.execute(source, "UPDATE notify_habit SET ends_at = '2020-01-01 00:00:00'");
      store.prune();

      assertThat(TableScan.count(source, "notify_habit")).isZero();
    }
  }

  /** A process that has an older key, or none, must not trip over it again and again. */
  @ParameterizedTest
  @EnumSource(names = "H2")
  void oneThatCannotBeReadIsLeftAloneAndTheOthersRun(Databases database) throws Exception {
    DataSource source = database.clean();
    Instant now = Instant.parse("2026-03-02T08:00:00Z");
    Instant due = now.plus(Duration.ofHours(1));
    try (JdbcStore encrypted =
            JdbcStore.builder(source).encryption(SampleKeys.encryption("k1")).build();
        JdbcStore plain = JdbcStore.of(source)) {
      encrypted.schedules().orElseThrow().add(StoredSchedule.begin(schedule(), now));
      var other = RecurringSchedule.of("other", "0 9 * * *", schedule().notification()).build();
      plain.schedules().orElseThrow().add(StoredSchedule.begin(other, now));

      assertThat(plain.schedules().orElseThrow().due(due, 10))
          .extracting(StoredSchedule::id)
          .containsExactly("other");
      assertThatThrownBy(
              () -> plain.schedules().orElseThrow().add(StoredSchedule.begin(schedule(), now)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("schedule 'report' is there, and cannot be read");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void thoseThatCannotBeReadDoNotStandBeforeTheOthers(Databases database) throws Exception {
    DataSource source = database.clean();
    Instant now = Instant.parse("2026-03-02T08:00:00Z");
    Instant due = now.plus(Duration.ofHours(2));
    try (JdbcStore encrypted =
            JdbcStore.builder(source).encryption(SampleKeys.encryption("k1")).build();
        JdbcStore plain = JdbcStore.of(source)) {
      encrypted.schedules().orElseThrow().add(StoredSchedule.begin(schedule(), now));
      var later = RecurringSchedule.of("later", "30 9 * * *", schedule().notification()).build();
      plain.schedules().orElseThrow().add(StoredSchedule.begin(later, now));

      assertThat(plain.schedules().orElseThrow().due(due, 1)).isEmpty();

      assertThat(plain.schedules().orElseThrow().due(due, 1))
          .extracting(StoredSchedule::id)
          .containsExactly("later");
      assertThat(encrypted.schedules().orElseThrow().due(due.plus(Duration.ofMinutes(1)), 10))
          .as("it comes again when somebody can read it")
          .extracting(StoredSchedule::id)
          .contains("report");
    }
  }

  /** One of an audience is nobody's, so it is the store's own key that seals it. */
  @ParameterizedTest
  @EnumSource
  void anEarlierKeyCanBeRetiredAndSchedulesGoOn(Databases database) throws Exception {
    DataSource source = database.clean();
    Instant now = Instant.parse("2026-03-02T08:00:00Z");
    var yearly = schedule().toBuilder().cron("@yearly").toAudience("all").build();
    try (JdbcStore before = store(source, "k1");
        JdbcStore rotated = store(source, "k2", "k1")) {
      before.schedules().orElseThrow().add(StoredSchedule.begin(yearly, now));

      assertThat(rotated.rewrapPersonKeys()).isEqualTo(1);
      assertThat(rotated.rewrapPersonKeys()).isZero();
    }
    try (JdbcStore after = store(source, "k2")) {
      assertThat(after.schedules().orElseThrow().find("report"))
          .map(StoredSchedule::schedule)
          .contains(yearly);
    }
  }

  private static JdbcStore store(DataSource source, String key, String... earlier) {
    return JdbcStore.builder(source)
        .encryption(SampleKeys.encryption(key, earlier).withKeyPerPerson())
        .build();
  }
}
