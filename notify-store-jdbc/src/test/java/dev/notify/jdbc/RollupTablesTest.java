package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.Analytics;
import dev.notify.DailyReport;
import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Cost;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Interval;
import dev.notify.model.Labels;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Recipient;
import dev.notify.model.Segment;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.EngineClock;
import dev.notify.spi.RollupStore.Tuple;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters in the tables: how long, how many, and of whom they tell nothing. */
class RollupTablesTest {

  private static final Tuple MAIL =
      new Tuple(Channel.EMAIL, Labels.NONE, Optional.empty(), Optional.of("p"));

  private final RecordingProvider provider = RecordingProvider.of(Channel.EMAIL);

  private NotificationDispatcher at(DataSource source, Instant time) {
    EngineClock clock = VirtualClock.at(time.toString());
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).keepForever().build())
        .clock(clock)
        .provider(provider)
        .prices((name, message) -> Optional.of(Cost.of("0.075", "EUR")))
        .build();
  }

  private static NotificationRecord send(NotificationDispatcher dispatcher) throws Exception {
    return dispatcher
        .send(Notification.to(Address.email("jane@example.com")).body("Hello").build())
        .outcome()
        .get(20, TimeUnit.SECONDS);
  }

  private static int rows(DataSource source, int grain) throws Exception {
    return TableScan.count(source, "notify_rollup WHERE grain = " + grain);
  }

  private static void prune(DataSource source) {
    try (JdbcStore store = JdbcStore.builder(source).keepForever().build()) {
      long ignored = store.prune();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hoursBecomeDaysWithoutAnythingLostAndDaysLeaveAfterTwoYears(Databases database)
      throws Exception {
    DataSource source = database.clean();
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    Instant past = today.minus(Duration.ofDays(10));
    List<NotificationRecord> sent = new ArrayList<>();
    for (int hour : new int[] {1, 5, 23}) {
      try (NotificationDispatcher then = at(source, past.plus(Duration.ofHours(hour)))) {
        sent.add(send(then));
      }
    }
    try (NotificationDispatcher long_ago = at(source, today.minus(Duration.ofDays(800)));
        NotificationDispatcher now = at(source, today)) {
      var unused = List.of(send(long_ago), send(now));
    }
    FunnelQuery query = FunnelQuery.between(past, today.plus(Duration.ofDays(1)));
    Funnel before = funnel(source, query);
    assertThat(before.total().count(Stage.SENT)).isEqualTo(4);
    assertThat(before.total().cost()).hasToString("{EUR=0.30}");

    prune(source);

    assertThat(funnel(source, query).total()).isEqualTo(before.total());
    assertThat(funnel(source, query.every(Interval.HOUR)).rows())
        .extracting(row -> row.time().orElseThrow(), row -> row.count(Stage.SENT))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(past, 3L),
            org.assertj.core.groups.Tuple.tuple(today, 1L));
    assertThat(rows(source, Rollups.DAY)).as("a stage, a time and a sum").isEqualTo(3);
    assertThat(rows(source, Rollups.HOUR)).isEqualTo(3);

    try (NotificationDispatcher late = at(source, today)) {
      String id = sent.get(0).deliveries().get(0).providerMessageId().orElseThrow();
      late.track(new ProviderEvent(provider.name(), id, Type.OPENED, today, ""));
    }
    assertThat(funnel(source, query).total().count(Stage.OPENED)).isEqualTo(1);
    prune(source);
    prune(source);
    assertThat(funnel(source, query).total().count(Stage.OPENED)).isEqualTo(1);
    assertThat(rows(source, Rollups.HOUR)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void daysOfAnyZoneAreKnownToTheHourForAWeekAndAddUpLater(Databases database) throws Exception {
    DataSource source = database.clean();
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    LocalDate first = today.minusDays(14);
    for (LocalDate day = first; day.isBefore(today); day = day.plusDays(1)) {
      for (LocalTime time : List.of(LocalTime.of(0, 30), LocalTime.of(23, 30))) {
        count(source, Statistics.hourOf(day.atTime(time).atZone(berlin).toInstant()));
      }
    }
    try (NotificationDispatcher dispatcher = at(source, Instant.now())) {
      LocalDate theDayBefore = today.minusDays(1);
      Analytics.Report before = dispatcher.analytics().report(theDayBefore, berlin);

      prune(source);

      assertThat(dispatcher.analytics().report(theDayBefore, berlin)).isEqualTo(before);
      assertThat(before.html()).as("each day of the week").contains("<td").doesNotContain(">4<");
      for (LocalDate day = today.minusDays(7); day.isBefore(today); day = day.plusDays(1)) {
        assertThat(sent(dispatcher, day, day.plusDays(1), berlin)).as("%s", day).isEqualTo(2);
      }
      long sum = 0;
      for (LocalDate day = first.minusDays(1); day.isBefore(today); day = day.plusDays(1)) {
        long one = sent(dispatcher, day, day.plusDays(1), berlin);
        assertThat(one).as("%s", day).isBetween(1L, 2L);
        sum += one;
      }
      assertThat(sum).isEqualTo(28);
      assertThat(sent(dispatcher, first.minusDays(1), today, berlin)).isEqualTo(28);
      Instant night = today.minusDays(12).atTime(3, 0).toInstant(ZoneOffset.UTC);
      assertThat(
              dispatcher
                  .analytics()
                  .funnel(FunnelQuery.between(night, night.plusSeconds(3_600)))
                  .total()
                  .count(Stage.SENT))
          .as("a part of an old day is answered with the day")
          .isEqualTo(2);
    }
  }

  private static long sent(
      NotificationDispatcher dispatcher, LocalDate from, LocalDate until, ZoneId zone) {
    return dispatcher
        .analytics()
        .funnel(
            FunnelQuery.between(
                from.atStartOfDay(zone).toInstant(), until.atStartOfDay(zone).toInstant()))
        .total()
        .count(Stage.SENT);
  }

  @ParameterizedTest
  @EnumSource
  void aTupleLeavesAfterItsCountersAndComesBackForAProcessThatRemembersIt(Databases database)
      throws Exception {
    DataSource source = database.clean();
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    try (Connection connection = source.getConnection()) {
      Rollups remembers = new Rollups(new Tables(Database.of(connection), TableNames.DEFAULT));
      for (int i = 0; i < 3; i++) {
        remembers.add(connection, Map.of(key(today.minus(Duration.ofDays(800)), MAIL), 1L), 0);
      }
      assertThat(TableScan.count(source, "notify_tuple")).isEqualTo(1);

      prune(source);
      assertThat(TableScan.count(source, "notify_rollup")).isZero();
      assertThat(TableScan.count(source, "notify_tuple")).isZero();

      for (int days : new int[] {774, 774, 0, 0}) {
        remembers.add(connection, Map.of(key(today.minus(Duration.ofDays(days)), MAIL), 1L), 0);
      }
      prune(source);
    }
    assertThat(TableScan.count(source, "notify_tuple")).isEqualTo(1);
    FunnelQuery ever = FunnelQuery.between(Instant.EPOCH, today.plusSeconds(3_600));
    assertThat(funnel(source, ever).total().count(Stage.SENT)).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void aTupleStaysThatSomebodyIsAboutToCount(Databases database) throws Exception {
    DataSource source = database.clean();
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    try (Connection writer = source.getConnection()) {
      writer.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      writer.setAutoCommit(false);
      Rollups rollups = new Rollups(new Tables(Database.of(writer), TableNames.DEFAULT));
      for (int i = 0; i < 2; i++) {
        rollups.add(writer, Map.of(key(today.minus(Duration.ofDays(800)), MAIL), 1L), 0);
        writer.commit();
      }
      rollups.add(writer, Map.of(key(today, MAIL), 1L), 0);

      CompletableFuture<Void> pruning = CompletableFuture.runAsync(() -> prune(source));
      assertThatThrownBy(() -> pruning.get(300, TimeUnit.MILLISECONDS))
          .as("waits for the writer")
          .isInstanceOf(TimeoutException.class);
      writer.commit();
      pruning.get(20, TimeUnit.SECONDS);

      assertThat(TableScan.count(source, "notify_rollup")).isEqualTo(1);
      assertThat(TableScan.count(source, "notify_tuple")).isEqualTo(1);
    }
  }

  private static void count(DataSource source, Instant hour) throws Exception {
    try (Connection connection = source.getConnection()) {
      Tables tables = new Tables(Database.of(connection), TableNames.DEFAULT);
      new Rollups(tables).add(connection, Map.of(key(hour, MAIL), 1L), 0);
    }
  }

  private static Rollups.Key key(Instant bucket, Tuple tuple) {
    return new Rollups.Key(bucket, tuple, Stage.SENT.code());
  }

  private Funnel funnel(DataSource source, FunnelQuery query) {
    try (NotificationDispatcher dispatcher = at(source, Instant.now())) {
      return dispatcher.analytics().funnel(query);
    }
  }

  @Test
  void aSegmentIsKeptOverARestartByWhicheverWayItCame() throws Exception {
    DataSource source = Databases.H2.clean();
    VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
    FunnelQuery query =
        FunnelQuery.between(clock.instant(), clock.instant().plusSeconds(7_200))
            .by(FunnelQuery.Dimension.SEGMENT);
    Notification hello = Notification.to("ann").body("Hello").channels(Channel.EMAIL).build();
    Instant later = clock.instant().plusSeconds(1_800);
    try (NotificationDispatcher before =
        reporting(source, clock)
            .reportBy("pro", Segment.attribute("plan").is("pro"))
            .reportBy("others", Segment.everyone())
            .build()) {
      before
          .recipients()
          .save(Recipient.builder("ann").email("ann@example.com").attribute("plan", "pro").build());
      SendReceipt own = before.schedule(hello, later);
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        SendReceipt theirs =
            before.inTransaction(connection).send(hello.toBuilder().at(later).build());
        connection.commit();
        assertThat(theirs.id()).isNotEqualTo(own.id());
      }
    }

    try (NotificationDispatcher after = reporting(source, clock).build()) {
      assertThat(after.analytics().funnel(query).rows())
          .extracting(row -> row.value(FunnelQuery.Dimension.SEGMENT), row -> row.count(Stage.OPEN))
          .containsExactly(org.assertj.core.groups.Tuple.tuple("pro", 2L));
      clock.advance(Duration.ofHours(1));
      await()
          .untilAsserted(
              () ->
                  assertThat(after.analytics().funnel(query).rows())
                      .extracting(
                          row -> row.value(FunnelQuery.Dimension.SEGMENT),
                          row -> row.count(Stage.SENT))
                      .containsExactly(org.assertj.core.groups.Tuple.tuple("pro", 2L)));
    }
  }

  private DispatcherBuilder reporting(DataSource source, VirtualClock clock) {
    return clock
        .drive(NotificationDispatcher.builder())
        .store(JdbcStore.of(source))
        .provider(provider);
  }

  @Test
  void nothingInThemLeadsToAPerson() throws Exception {
    DataSource source = Databases.H2.clean();
    try (NotificationDispatcher dispatcher = at(source, Instant.now())) {
      NotificationRecord sent = send(dispatcher);
      var unused = dispatcher.forget(sent.notification().recipientId());
    }

    assertThat(TableScan.count(source, "notify_rollup")).isPositive();
    assertThat(TableScan.count(source, "notify_tuple")).isPositive();
    assertThat(TableScan.everything(source)).doesNotContain("jane");
  }

  @Test
  void whatTheApplicationRollsBackIsNotCountedAndWhatItIsCountedUnderIsThereLater()
      throws Exception {
    DataSource source = Databases.H2.clean();
    FunnelQuery query =
        FunnelQuery.between(Instant.now().minusSeconds(7_200), Instant.now().plusSeconds(7_200));
    try (NotificationDispatcher dispatcher = at(source, Instant.now())) {
      dispatcher
          .suppressions()
          .add(
              new dev.notify.model.Suppression(
                  Address.email("jane@example.com"),
                  dev.notify.model.Suppression.Kind.MANUAL,
                  "",
                  Instant.now(),
                  Optional.empty(),
                  List.of()));
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < 2; i++) {
          SendReceipt ignored =
              dispatcher
                  .inTransaction(connection)
                  .send(Notification.to(Address.email("jane@example.com")).body("Hello").build());
        }
        connection.rollback();
      }
      assertThat(TableScan.count(source, "notify_tuple")).isZero();
      for (int i = 0; i < 3; i++) {
        NotificationRecord ended = send(dispatcher);
        assertThat(ended.deliveries()).hasSize(1);
      }

      assertThat(dispatcher.analytics().funnel(query).total().count(Stage.SUPPRESSED)).isEqualTo(3);
    }
  }

  @Test
  void ofTwoProcessesOneSendsTheReport() throws Exception {
    DataSource source = Databases.H2.clean();
    Instant morning = Instant.parse("2026-03-03T08:00:00Z");
    DailyReport report = DailyReport.to("ops@example.com").at(LocalTime.of(7, 0));
    VirtualClock clock = VirtualClock.at(morning.toString());
    List<NotificationDispatcher> nodes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      nodes.add(
          clock
              .drive(NotificationDispatcher.builder())
              .store(JdbcStore.of(source))
              .provider(provider)
              .dailyReport(report)
              .build());
      clock.advance(Duration.ofSeconds(1));
      await().until(() -> provider.calls() > 0);
    }
    nodes.forEach(NotificationDispatcher::close);

    assertThat(provider.messages())
        .filteredOn(message -> message.address().value().equals("ops@example.com"))
        .hasSize(1);
  }
}
