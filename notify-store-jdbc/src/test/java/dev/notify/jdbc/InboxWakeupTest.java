package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InboxItem;
import dev.notify.model.Priority;
import dev.notify.spi.InboxStore;
import dev.notify.test.RecordingProvider;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process that only listens hears of all that another does to inboxes; on PostgreSQL. */
class InboxWakeupTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  private final DataSource source;
  private final AtomicInteger heard = new AtomicInteger();
  private JdbcStore here;
  private NotificationDispatcher there;

  InboxWakeupTest() throws SQLException {
    source = Databases.POSTGRESQL.clean();
  }

  @BeforeEach
  void open() {
    here = JdbcStore.of(source);
    JdbcStore listening = JdbcStore.of(source);
    InboxStore inboxes = listening.inboxes().orElseThrow();
    // What is seen at the last hint is what this process would show.
    inboxes.onChange(userId -> heard.set(inboxes.counts("jane", NOW).unread()));
    there =
        NotificationDispatcher.builder()
            .store(listening)
            .provider(RecordingProvider.of(Channel.EMAIL))
            .build();
    await().until(() -> listeners() == 1);
  }

  @AfterEach
  void close() {
    there.close();
    here.close();
  }

  private int listeners() throws SQLException {
    return TableScan.count(source, "pg_stat_activity WHERE query LIKE 'LISTEN notify_wakeup_%'");
  }

  private static InboxItem item() {
    return new InboxItem(
        UUID.randomUUID().toString(),
        "jane",
        Optional.empty(),
        Content.ofBody("Hello"),
        "news",
        Priority.NORMAL,
        Map.of(),
        NOW,
        NOW.plusSeconds(60),
        false,
        false,
        false,
        0);
  }

  @Test
  void theLastOfManyQuickChangesIsHeardToo() {
    InboxStore inboxes = here.inboxes().orElseThrow();
    for (int round = 1; round <= 20; round++) {
      for (int i = 0; i < 5; i++) {
        assertThat(inboxes.add(List.of(item()))).hasSize(1);
      }
      int all = 5 * round;

      await("round " + round)
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(heard).hasValue(all));
    }
  }

  @Test
  void thatSomebodyWasForgottenIsHeard() {
    InboxStore inboxes = here.inboxes().orElseThrow();
    inboxes.add(List.of(item()));
    await().untilAsserted(() -> assertThat(heard).hasValue(1));

    inboxes.forget("jane");

    await().untilAsserted(() -> assertThat(heard).hasValue(0));
  }
}
