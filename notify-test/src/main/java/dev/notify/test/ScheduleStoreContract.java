package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.BroadcastOptions;
import dev.notify.model.Channel;
import dev.notify.model.MissedRuns;
import dev.notify.model.Notification;
import dev.notify.model.Reason;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.model.StoredSchedule.State;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.ScheduleStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ScheduleStore} must do, as tests. A contributor extends this class once for
 * each kind of store and each database.
 *
 * @since 0.1
 */
public abstract class ScheduleStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;

  private final SampleSubmissions samples = new SampleSubmissions();
  private NotificationStore store;
  private ScheduleStore schedules;
  private boolean opened;

  /** An empty store. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
    schedules = store.schedules().orElseThrow();
    opened = true;
  }

  @AfterEach
  void close() {
    if (opened) {
      store.close();
    }
  }

  private static RecurringSchedule.Builder daily(String id) {
    return RecurringSchedule.of(id, "0 9 * * *", SampleSubmissions.notification().build());
  }

  private StoredSchedule added(RecurringSchedule schedule) {
    return schedules.add(StoredSchedule.begin(schedule, NOW));
  }

  private static void assertSame(StoredSchedule expected, StoredSchedule actual) {
    assertEquals(expected, actual);
  }

  @Test
  public void aScheduleIsKeptAsItIs() {
    StoredSchedule plain = added(daily("plain").build());
    StoredSchedule rich =
        added(
            RecurringSchedule.of(
                    "rich/1:x",
                    "*/15 9-17 L * *",
                    Notification.to("anyone")
                        .title("Ünïcode 💥")
                        .body("Hello")
                        .channels(Channel.EMAIL)
                        .metadata("a", "b")
                        .expiresIn(Duration.ofHours(3))
                        .build())
                .inEachZone()
                .toAudience("everyone")
                .options(BroadcastOptions.builder().canary(10, Duration.ofMinutes(5)).build())
                .missedRuns(MissedRuns.upTo(7).tolerating(Duration.ofSeconds(90)))
                .startingAt(NOW.plusSeconds(3_600))
                .endingAt(NOW.plus(Duration.ofDays(90)))
                .build());

    assertSame(plain, schedules.find("plain").orElseThrow());
    assertSame(rich, schedules.find("rich/1:x").orElseThrow());
    assertEquals(Optional.empty(), schedules.find("Plain"));
    assertEquals(List.of("plain", "rich/1:x"), ids(schedules.list("", 10)));
    assertEquals(List.of("rich/1:x"), ids(schedules.list("plain", 10)));
    assertEquals(List.of("plain"), ids(schedules.list("", 1)));
  }

  private static List<String> ids(List<StoredSchedule> schedules) {
    return schedules.stream().map(StoredSchedule::id).toList();
  }

  @Test
  public void ofTwoWithOneIdTheFirstStays() {
    StoredSchedule first = added(daily("report").build());

    StoredSchedule kept = added(daily("report").cron("0 10 * * *").build());

    assertSame(first, kept);
    assertEquals(1, schedules.list("", 10).size());
  }

  @Test
  public void everyChangeSurvives() {
    StoredSchedule known = added(daily("report").build());
    StoredSchedule changed =
        known
            .ran(NOW, Optional.of(new Reason("FAILED", "because")))
            .with(daily("report").cron("30 7 * * MON").build())
            .from(NOW);

    StoredSchedule stored = schedules.replace(changed).orElseThrow();

    assertSame(changed.stored(), stored);
    assertSame(stored, schedules.find("report").orElseThrow());
    StoredSchedule paused = schedules.replace(stored.paused()).orElseThrow();
    assertEquals(State.PAUSED, schedules.find("report").orElseThrow().state());
    assertEquals(List.of(), schedules.due(NOW.plus(Duration.ofDays(30)), 10));
    assertEquals(Optional.empty(), schedules.nextDue());
    schedules.replace(paused.to(Optional.empty()));
    assertEquals(State.ENDED, schedules.find("report").orElseThrow().state());
    assertTrue(schedules.remove("report"));
    assertFalse(schedules.remove("report"));
    assertEquals(Optional.empty(), schedules.replace(paused));
  }

  @Test
  public void ofTwoWhoChangeTheSameVersionTheFirstHasItsWay() {
    StoredSchedule known = added(daily("report").build());

    assertTrue(schedules.replace(known.paused()).isPresent());
    assertEquals(Optional.empty(), schedules.replace(known.ran(NOW, Optional.empty())));
    assertEquals(State.PAUSED, schedules.find("report").orElseThrow().state());
  }

  @Test
  public void thoseDueComeInOrder() {
    StoredSchedule late = added(daily("late").cron("0 12 * * *").build());
    StoredSchedule early = added(daily("soon").cron("0 11 * * *").build());
    Instant lateDue = late.due().orElseThrow();
    Instant earlyDue = early.due().orElseThrow();
    Instant first = earlyDue.isBefore(lateDue) ? earlyDue : lateDue;
    Instant last = earlyDue.isBefore(lateDue) ? lateDue : earlyDue;

    assertEquals(Optional.of(first), schedules.nextDue());
    assertEquals(List.of(), schedules.due(first.minusMillis(1), 10));
    assertEquals(1, schedules.due(first, 10).size());
    assertEquals(2, schedules.due(last, 10).size());
    assertEquals(first, schedules.due(last, 1).get(0).due().orElseThrow());
  }

  @Test
  public void aRunIsKeptWithItsStep() {
    StoredSchedule known = added(daily("report").build());
    Submission sent = samples.due(NOW);
    StoredSchedule next = known.ran(NOW, Optional.empty());

    assertEquals(Optional.of(next.stored()), schedules.run(next, sent));

    assertTrue(store.find(sent.id()).isPresent());
    assertEquals(1, schedules.find("report").orElseThrow().runs());
  }

  @Test
  public void ofManyWhoRunTheSameTimeOneHasItsWayAndNothingIsKeptOfTheOthers() {
    StoredSchedule known = added(daily("report").build());
    List<Submission> all = IntStream.range(0, 8).mapToObj(i -> samples.due(NOW)).toList();

    long won =
        all.parallelStream()
            .filter(one -> schedules.run(known.ran(NOW, Optional.empty()), one).isPresent())
            .count();

    assertEquals(1, won);
    assertEquals(1, all.stream().filter(one -> store.find(one.id()).isPresent()).count());
    assertEquals(1, schedules.find("report").orElseThrow().runs());
  }

  @Test
  public void whoIsForgottenTakesTheirSchedulesWithThem() {
    StoredSchedule theirs = added(daily("jane").build());
    StoredSchedule others = added(RecurringSchedule.of("john", "0 9 * * *", hello("john")).build());
    StoredSchedule many =
        added(RecurringSchedule.of("all", "0 9 * * *", hello("jane")).toAudience("all").build());

    assertEquals(1, schedules.forget("jane"));
    assertEquals(0, schedules.forget("jane"));

    assertEquals(Optional.empty(), schedules.find(theirs.id()));
    assertSame(others, schedules.find(others.id()).orElseThrow());
    assertSame(many, schedules.find(many.id()).orElseThrow());
  }

  private static Notification hello(String person) {
    return Notification.to(person).body("Hello").channels(Channel.EMAIL).build();
  }
}
