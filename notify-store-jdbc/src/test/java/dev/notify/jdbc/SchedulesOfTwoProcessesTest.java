package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.routing.Audiences;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each time of a schedule runs once, whatever processes do to each other. */
class SchedulesOfTwoProcessesTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final String BEFORE = "2026-03-02T11:59:59Z";
  private static final int RACES = 8;
  private static final List<String> PEOPLE = List.of("jane", "joe", "ann");

  private final RecordingProvider sent = RecordingProvider.of(Channel.EMAIL);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** With a clock of its own, so that both can be led to the same moment. */
  private NotificationDispatcher process(DataSource source, VirtualClock clock) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.builder(source).pollInterval(Duration.ofMillis(200)).build())
        .clock(clock)
        .executor(threads)
        .provider(sent)
        .audience(Audiences.of("everyone", PEOPLE))
        .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
        .build();
  }

  private static RecurringSchedule.Builder minutely(String id) {
    return RecurringSchedule.of(
        id,
        "* * * * *",
        Notification.to("jane").title("News").body("Read").channels(Channel.EMAIL).build());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDueInBothAtOneMomentRunsOnce(Databases database) throws Exception {
    DataSource source = database.clean();
    VirtualClock first = VirtualClock.at(BEFORE);
    VirtualClock second = VirtualClock.at(BEFORE);
    try (NotificationDispatcher one = process(source, first);
        NotificationDispatcher two = process(source, second)) {
      for (int i = 0; i < RACES; i++) {
        one.schedules().create(minutely("to-one-" + i).build());
      }
      two.schedules().create(minutely("to-all").toAudience("everyone").build());
      CyclicBarrier together = new CyclicBarrier(2);
      var other =
          threads.submit(
              () -> {
                together.await();
                second.advanceTo(NOON);
                return true;
              });
      together.await();
      first.advanceTo(NOON);
      other.get(20, TimeUnit.SECONDS);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                first.advance(Duration.ofMillis(200));
                second.advance(Duration.ofMillis(200));
                return one.schedules().list(100).stream().allMatch(each -> each.runs() == 1)
                    && one.broadcasts().unfinished().isEmpty()
                    && sent.calls() >= RACES + PEOPLE.size();
              });

      assertThat(sent.messages())
          .extracting(OutboundMessage::recipientId)
          .hasSize(RACES + PEOPLE.size())
          .filteredOn("joe"::equals)
          .hasSize(1);
    }
  }

  private static long runs(NotificationDispatcher dispatcher, String id) {
    return dispatcher.schedules().find(id).map(StoredSchedule::runs).orElse(0L);
  }

  /** As a process leaves it that dies after the broadcast was begun and before the next step. */
  @ParameterizedTest
  @EnumSource
  void aBroadcastThatWasBegunByOneThatDiedIsNotBegunAgain(Databases database) throws Exception {
    DataSource source = database.clean();
    VirtualClock clock = VirtualClock.at(BEFORE);
    try (NotificationDispatcher dead = process(source, clock)) {
      RecurringSchedule schedule = minutely("to-all").toAudience("everyone").build();
      dead.schedules().create(schedule);
      dead.broadcast(
          Audiences.of("everyone", PEOPLE),
          schedule.notification().toBuilder().idempotencyKey("schedule/to-all/" + NOON).build(),
          schedule.options());
    }
    VirtualClock later = VirtualClock.at(NOON.toString());
    try (NotificationDispatcher next = process(source, later)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                later.advance(Duration.ofMillis(100));
                return runs(next, "to-all") == 1 && sent.calls() == PEOPLE.size();
              });

      assertThat(next.broadcasts().unfinished().size()).isLessThanOrEqualTo(1);
      assertThat(sent.calls()).isEqualTo(PEOPLE.size());
    }
  }
}
