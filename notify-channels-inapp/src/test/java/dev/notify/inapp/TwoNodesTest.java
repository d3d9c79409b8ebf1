package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.NotificationDispatcher;
import dev.notify.inapp.InboxEvent.Kind;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.test.SampleMessages;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams on one node, changes on another, and one PostgreSQL between them. */
class TwoNodesTest {

  private static EmbeddedPostgres server;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private final class Node {
    final JdbcStore store;
    final Inbox inbox;

    Node(String database) {
      HikariConfig config = new HikariConfig();
      config.setDataSource(server.getDatabase("postgres", database));
      config.setMaximumPoolSize(10);
      config.setMinimumIdle(0);
      HikariDataSource pool = new HikariDataSource(config);
      open.add(pool);
      store = JdbcStore.builder(pool).build();
      inbox = Inbox.in(store);
      // With a dispatcher a node listens; it closes the store.
      open.add(
          NotificationDispatcher.builder().store(store).provider(InAppProvider.of(inbox)).build());
    }

    InboxStreams streams(boolean hearsHints, Duration pollEvery) {
      Inbox streamed =
          hearsHints ? inbox : Inbox.builder(Deaf.to(store.inboxes().orElseThrow())).build();
      InboxStreams streams = InboxStreams.builder(streamed).pollEvery(pollEvery).build();
      open.add(streams);
      return streams;
    }

    void deliver(String user, String body) {
      InAppProvider.of(inbox).deliver(SampleMessages.to(Address.inApp(user), Content.ofBody(body)));
    }
  }

  private static String database(String name) throws Exception {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    JdbcSchema.migrate(server.getDatabase("postgres", name));
    return name;
  }

  private static RecordingSink open(InboxStreams streams, String user) {
    RecordingSink sink = RecordingSink.quick();
    streams.open(user, Optional.empty(), sink);
    await().untilAsserted(() -> assertThat(sink.events()).isNotEmpty());
    return sink;
  }

  private static void awaitText(RecordingSink sink, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(sink.events().stream().map(InboxEvent::json))
                    .anyMatch(json -> json.contains(text)));
  }

  @Test
  void aChangeOnOneNodeReachesAStreamOnTheOther() throws Exception {
    String database = database("hinted");
    Node here = new Node(database);
    Node there = new Node(database);
    // So long that only hints can be what brings it.
    RecordingSink sink = open(there.streams(true, Duration.ofHours(1)), "jane");
    // A node begins to listen in the background.
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              here.deliver("jane", "hello");
              assertThat(sink.events()).anyMatch(event -> event.json().contains("hello"));
            });

    here.inbox.announce(InboxAnnouncement.of("news", Content.ofBody("to all")).build());
    awaitText(sink, "to all");
    assertThat(sink.events()).allMatch(event -> event.kind() == Kind.INBOX);
    await().untilAsserted(() -> assertThat(here.inbox.isPresent("jane")).isTrue());
  }

  @Test
  void withEveryHintLostPollingFindsIt() throws Exception {
    String database = database("polled");
    Node here = new Node(database);
    Node there = new Node(database);
    RecordingSink sink = open(there.streams(false, Duration.ofMillis(50)), "jane");

    here.deliver("jane", "hello");
    awaitText(sink, "hello");
    here.inbox.markAllRead("jane");
    awaitText(sink, "\"read\":true");
    here.inbox.announce(InboxAnnouncement.of("news", Content.ofBody("to all")).build());
    awaitText(sink, "to all");
  }

  @Test
  void whoChangesNodesMissesNothing() throws Exception {
    String database = database("moved");
    Node here = new Node(database);
    Node there = new Node(database);
    InboxStreams first = here.streams(true, Duration.ofMillis(50));
    RecordingSink sink = open(first, "jane");
    here.deliver("jane", "one");
    awaitText(sink, "one");
    first.close();
    here.deliver("jane", "two");

    RecordingSink again = RecordingSink.quick();
    there
        .streams(true, Duration.ofMillis(50))
        .open("jane", Optional.of(sink.last().revision()), again);

    awaitText(again, "two");
    assertThat(again.events()).noneMatch(event -> event.json().contains("\"one\""));
  }
}
