package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
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
    }
  }
}
