package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.notify.AuditCheck;
import dev.notify.AuditCheck.Fault;
import dev.notify.AuditLog;
import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Preferences;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.RefusedException;
import dev.notify.model.StoredSchedule;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Status;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.test.RecordingProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever changes the audit log by SQL is found out; whoever only adds to it, is not lost. */
class AuditTest {

  private static final byte[] KEY = new byte[32];
  private static final Instant NEXT_YEAR = Instant.parse("2027-01-01T00:00:00Z");

  private final List<NotificationDispatcher> opened = new ArrayList<>();

  private NotificationDispatcher on(DataSource source) {
    return open(NotificationDispatcher.builder().store(JdbcStore.of(source)));
  }

  private NotificationDispatcher open(DispatcherBuilder builder) {
    NotificationDispatcher dispatcher =
        builder.provider(RecordingProvider.of(Channel.EMAIL)).build();
    opened.add(dispatcher);
    return dispatcher;
  }

  @AfterEach
  void close() {
    opened.forEach(NotificationDispatcher::close);
  }

  private static void pause(NotificationDispatcher dispatcher, String person) {
    Preferences unused =
        dispatcher
            .preferences()
            .update(person, chosen -> chosen.toBuilder().pausedUntil(NEXT_YEAR).build());
  }

  /** A log of seven lines: the first says that it was begun. */
  private static AuditLog sevenLines(NotificationDispatcher dispatcher) {
    IntStream.range(0, 6).forEach(i -> pause(dispatcher, "person-" + i));
    AuditLog log = dispatcher.audit();
    assertThat(log.verify()).isEqualTo(new AuditCheck(7, Optional.empty(), log.head()));
    return log;
  }

  @ParameterizedTest
  @EnumSource
  void aLineThatWasTamperedWithIsNamed(Databases database) throws SQLException {
    DataSource source = database.clean();
    AuditLog log = sevenLines(on(source));
    List<String> columns =
        List.of(
            "happened_at = '2020-01-01 00:00:00'",
            "actor = 'mallory'",
            "actor = ''",
            "source = 'elsewhere'",
            "kind = 'preferences.unchanged'",
            "subject = 'person:somebody-else'",
            "subject = NULL",
            "details = '{}'",
            "previous = '" + "0".repeat(64) + "'",
            "hash = '" + "0".repeat(64) + "'");
    for (String change : columns) {
      TableScan.execute(source, "CREATE TABLE kept AS SELECT * FROM notify_audit");

      TableScan.execute(source, "UPDATE notify_audit SET " + change + " WHERE position = 4");

      assertThat(log.verify().fault().map(Fault::sequence)).as(change).contains(4L);
      TableScan.execute(source, "DELETE FROM notify_audit");
      TableScan.execute(source, "INSERT INTO notify_audit SELECT * FROM kept");
      TableScan.execute(source, "DROP TABLE kept");
      assertThat(log.verify().isIntact()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLineThatWasTakenOutIsNamed(Databases database) throws SQLException {
    DataSource source = database.clean();
    AuditLog log = sevenLines(on(source));

    TableScan.execute(source, "DELETE FROM notify_audit WHERE position = 4");

    assertThat(log.verify().fault()).contains(new Fault(4, "is missing"));
    TableScan.execute(source, "UPDATE notify_audit SET position = position - 1 WHERE position = 5");
    assertThat(log.verify().fault().map(Fault::sequence)).as("numbered anew").contains(4L);
  }

  @ParameterizedTest
  @EnumSource
  void linesThatChangedPlacesAreNamed(Databases database) throws SQLException {
    DataSource source = database.clean();
    AuditLog log = sevenLines(on(source));

    TableScan.execute(source, "UPDATE notify_audit SET position = 100 WHERE position = 4");
    TableScan.execute(source, "UPDATE notify_audit SET position = 4 WHERE position = 5");
    TableScan.execute(source, "UPDATE notify_audit SET position = 5 WHERE position = 100");

    assertThat(log.verify().fault().map(Fault::sequence)).contains(4L);
  }

  @ParameterizedTest
  @EnumSource
  void anEndThatWasCutOffIsNoticedByTheHeadOrByAnAnchorKeptElsewhere(Databases database)
      throws SQLException {
    DataSource source = database.clean();
    AuditLog log = sevenLines(on(source));
    Head anchor = log.head();

    TableScan.execute(source, "DELETE FROM notify_audit WHERE position > 5");

    assertThat(log.verify().fault().map(Fault::sequence)).contains(6L);

    Head fifth = log.after(4, 1).get(0).asHead();
    TableScan.execute(
        source, "UPDATE notify_audithead SET position = 5, hash = '" + fifth.hash() + "'");
    assertThat(log.verify().isIntact()).as("whoever changes the head too").isTrue();
    assertThat(log.verify(anchor).fault().map(Fault::sequence)).contains(6L);

    pause(opened.get(0), "somebody");
    pause(opened.get(0), "somebody-else");
    assertThat(log.verify(anchor).fault().map(Fault::sequence)).as("written anew").contains(7L);
    assertThat(log.verify(fifth).isIntact()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void withAKeyALogThatWasWrittenAnewWithoutItDoesNotVerify(Databases database)
      throws SQLException {
    DataSource source = database.clean();
    AuditLog forged = sevenLines(on(source));

    AuditLog keyed =
        open(NotificationDispatcher.builder().store(JdbcStore.of(source)).auditKey(KEY)).audit();

    assertThat(forged.verify().isIntact()).isTrue();
    assertThat(keyed.verify().fault().map(Fault::sequence)).contains(1L);
    assertThat(keyed.about("person-1", 0, 10)).isEmpty();
    assertThat(forged.about("person-1", 0, 10)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void withoutItsLineNothingIsChanged(Databases database) throws SQLException {
    DataSource source = database.clean();
    NotificationDispatcher dispatcher = on(source);
    Address address = Address.email("jane@example.com");
    pause(dispatcher, "john");
    dispatcher.templates().save(Draft.of("welcome", "sms.text", "Hello"), "ann");
    dispatcher.schedules().create(weekly());
    long lines = TableScan.count(source, "notify_audit");
    TableScan.execute(source, "ALTER TABLE notify_audit RENAME TO kept");
    try {
      List<Runnable> changes =
          List.of(
              () -> pause(dispatcher, "jane"),
              () ->
                  dispatcher
                      .suppressions()
                      .add(Suppression.of(address, Kind.MANUAL, "asked", NEXT_YEAR)),
              () -> dispatcher.templates().save(Draft.of("welcome", "sms.text", "Hi"), "ann"),
              () -> dispatcher.templates().activate("welcome", 1, "ann"),
              () -> dispatcher.schedules().pause("weekly"),
              () -> dispatcher.schedules().cancel("weekly"));
      for (Runnable change : changes) {
        assertThatThrownBy(change::run).isInstanceOf(RefusedException.class);
      }
    } finally {
      TableScan.execute(source, "ALTER TABLE kept RENAME TO notify_audit");
    }

    assertThat(dispatcher.preferences().find("jane")).isEqualTo(Preferences.NONE);
    assertThat(dispatcher.suppressions().find(address)).isEmpty();
    assertThat(dispatcher.templates().versions("welcome")).hasSize(1);
    assertThat(dispatcher.templates().versions("welcome").get(0).status()).isEqualTo(Status.DRAFT);
    assertThat(dispatcher.schedules().find("weekly").orElseThrow().state())
        .isEqualTo(StoredSchedule.State.ACTIVE);
    assertThat(TableScan.count(source, "notify_audit")).isEqualTo(lines);
    pause(dispatcher, "jane");
    assertThat(dispatcher.preferences().find("jane").pausedUntil()).contains(NEXT_YEAR);
    assertThat(dispatcher.audit().verify().isIntact()).isTrue();
  }

  private static RecurringSchedule weekly() {
    return RecurringSchedule.of(
            "weekly",
            "0 8 * * MON",
            Notification.to("jane").title("Hi").body("Hello").channels(Channel.EMAIL).build())
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatIsCutBeforeTheCommitLeavesNeitherAndIsTriedAgain(Databases database)
      throws SQLException {
    FaultySource source = new FaultySource(database.clean());
    NotificationDispatcher dispatcher = on(source);
    pause(dispatcher, "john");

    source.cutBeforeCommit(1);
    pause(dispatcher, "jane");

    assertThat(dispatcher.preferences().find("jane").pausedUntil()).contains(NEXT_YEAR);
    assertThat(dispatcher.audit().about("jane", 0, 10)).hasSize(1);
    assertThat(dispatcher.audit().verify().isIntact()).isTrue();
  }

  /** Not on H2, which soon gives up waiting. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void whileOneWaitsForTheLogTheOthersWaitWithoutAConnection(Databases database) throws Exception {
    DataSource real = database.clean();
    FaultySource source = new FaultySource(real);
    NotificationDispatcher dispatcher = on(source);
    pause(dispatcher, "john");
    long before = source.prepared("notify_audithead WHERE id = 1 FOR UPDATE");
    List<CompletableFuture<?>> changes = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(5);
    try (Connection other = real.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT hash FROM notify_audithead FOR UPDATE");
      for (int i = 0; i < 4; i++) {
        String person = "person-" + i;
        changes.add(CompletableFuture.runAsync(() -> pause(dispatcher, person), threads));
      }
      await().until(() -> source.prepared("notify_audithead WHERE id = 1 FOR UPDATE") > before);

      assertThat(
              CompletableFuture.supplyAsync(() -> dispatcher.preferences().find("jane"), threads)
                  .get(3, TimeUnit.SECONDS))
          .isEqualTo(Preferences.NONE);
      assertThat(source.prepared("notify_audithead WHERE id = 1 FOR UPDATE")).isEqualTo(before + 1);
      other.rollback();
      CompletableFuture.allOf(changes.toArray(CompletableFuture<?>[]::new))
          .get(20, TimeUnit.SECONDS);
    } finally {
      threads.shutdown();
    }
    assertThat(dispatcher.audit().verify()).matches(check -> check.isIntact());
  }

  @ParameterizedTest
  @EnumSource
  void twoProcessesWithManyThreadsWriteOneChain(Databases database) throws SQLException {
    DataSource source = database.clean();
    List<NotificationDispatcher> nodes = List.of(on(source), on(source));

    IntStream.range(0, 60).parallel().forEach(i -> pause(nodes.get(i % 2), "person-" + i));

    AuditCheck check = nodes.get(0).audit().verify();
    assertThat(check.fault()).isEmpty();
    assertThat(check.entries()).isEqualTo(61);
    assertThat(nodes.get(1).audit().after(0, 100).stream().map(AuditEntry::subject).distinct())
        .hasSize(61);
    assertThat(TableScan.count(source, "notify_audit")).isEqualTo(61);
  }
}
