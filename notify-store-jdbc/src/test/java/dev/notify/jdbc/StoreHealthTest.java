package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Health;
import dev.notify.model.Health.NodeHealth;
import dev.notify.model.Health.State;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the health of a dispatcher tells of its database. */
class StoreHealthTest {

  private final List<AutoCloseable> opened = new ArrayList<>();

  private NotificationDispatcher on(DataSource source, String name) {
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(
                JdbcStore.builder(source)
                    .nodeName(name)
                    .lease(Duration.ofMillis(900), Duration.ofMillis(200))
                    .build())
            .provider(RecordingProvider.of(Channel.EMAIL))
            .build();
    opened.add(dispatcher);
    return dispatcher;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNodeTellsOfItselfAndHowManyLive(Databases database) throws Exception {
    DataSource source = database.clean();
    NotificationDispatcher one = on(source, "one");
    on(source, "two");

    Health health = one.health();

    assertThat(health.state()).isEqualTo(State.UP);
    NodeHealth node = health.store().node().orElseThrow();
    assertThat(node.name()).startsWith("one (");
    assertThat(node.inCharge()).isTrue();
    assertThat(node.heartbeatAge()).isLessThan(Duration.ofSeconds(10));
    assertThat(node.live()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aDatabaseThatIsAwayIsToldAtOnceAndItsReturnToo(Databases database) throws Exception {
    FaultySource source = new FaultySource(database.clean());
    NotificationDispatcher dispatcher = on(source, "one");

    source.goAway();
    Health away = dispatcher.health();

    assertThat(away.state()).isEqualTo(State.DOWN);
    assertThat(away.reasons().get(0)).startsWith("store: the database cannot be reached");
    await().until(() -> dispatcher.health().reasons().stream().anyMatch(r -> r.startsWith("node")));
    source.comeBack();
    await().until(() -> dispatcher.health().state() == State.UP);
  }

  @ParameterizedTest
  @EnumSource
  void aDatabaseThatDoesNotAnswerDoesNotHoldUpTheAnswer(Databases database) throws Exception {
    FaultySource source = new FaultySource(database.clean());
    CountDownLatch release = new CountDownLatch(1);
    NotificationDispatcher dispatcher = on(source, "one");

    source.hangUntil(release);
    long began = System.nanoTime();
    Health health = dispatcher.health();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    release.countDown();

    assertThat(health.state()).isEqualTo(State.DOWN);
    assertThat(health.reasons()).contains("store: the database did not answer within 2 s");
    assertThat(took).isLessThan(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsTooLongAndWhatIsStuckIsTold(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher writer = on(source, "one")) {
      for (int i = 0; i < 2; i++) {
        writer.schedule(
            Notification.to(Address.email("jane@example.com")).body("Hello " + i).build(),
            Instant.now().plusSeconds(3600));
      }
    }
    String past =
        database == Databases.MARIADB
            ? "'2026-01-01 00:00:00'"
            : "TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00'";
    TableScan.execute(source, "UPDATE notify_delivery SET due = " + past);
    TableScan.execute(
        source,
        "UPDATE notify_delivery SET owner = 4711 WHERE id = (SELECT id FROM"
            + " (SELECT id FROM notify_delivery LIMIT 1) one)");

    // A store of its own, and nobody who would take up what waits.
    JdbcStore store = JdbcStore.of(source);
    opened.add(store);
    Health.StoreHealth health = store.health(Set.of(lane()));

    assertThat(health.stuck()).isEqualTo(1);
    assertThat(health.lateness().get(lane())).isGreaterThan(Duration.ofDays(1));
    TableScan.execute(source, "UPDATE notify_delivery SET owner = NULL, status = 2");
  }

  private static Lane lane() {
    return new Lane(Channel.EMAIL, Priority.NORMAL);
  }
}
