package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.InboxItem;
import dev.notify.model.Origin;
import dev.notify.model.Preferences;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.spi.Audience;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages for many, on a database that counts the rows. */
class AnnouncementTest {

  private final JdbcDataSource database = new JdbcDataSource();
  private final JdbcStore store;
  private Instant now = Instant.parse("2026-03-02T09:00:00Z");
  private final Inbox inbox;

  AnnouncementTest() {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcSchema.migrate(database);
    store = JdbcStore.builder(database).build();
    inbox =
        Inbox.builder(store)
            .clock(() -> now)
            .audience("even", user -> Integer.parseInt(user.substring(5)) % 2 == 0)
            .build();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private long rows(String table) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static InboxAnnouncement.Builder saying(String text) {
    return InboxAnnouncement.of("news", Content.ofBody(text));
  }

  private List<String> feed(String user) {
    return inbox.feed(user, 50).stream().map(item -> item.content().body().orElseThrow()).toList();
  }

  private record Users(String name, int count, boolean isKnown) implements Audience {
    @Override
    public Page page(String cursor, int limit) {
      int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
      int to = Math.min(count, from + limit);
      return new Page(
          IntStream.range(from, to).mapToObj(i -> Member.of("user-" + i)).toList(),
          "" + to,
          to == count);
    }

    @Override
    public OptionalLong size() {
      return isKnown ? OptionalLong.of(count) : OptionalLong.empty();
    }
  }

  @Test
  void toTenThousandItIsOneRowUntilSomebodyLooks() throws SQLException {
    Inbox.Announced done = inbox.announce(saying("hello").build(), new Users("even", 10_000, true));

    assertThat(done).isEqualTo(new Inbox.Announced(true, true, 0, 0));
    assertThat(rows("notify_announcement")).isEqualTo(1);
    assertThat(rows("notify_inbox")).isZero();

    for (int i = 0; i < 10; i++) {
      assertThat(feed("user-" + i)).hasSize(i % 2 == 0 ? 1 : 0);
      assertThat(inbox.unread("user-" + i)).isEqualTo(i % 2 == 0 ? 1 : 0);
    }
    assertThat(rows("notify_inbox")).isEqualTo(5);
  }

  @Test
  void toAFewItIsWrittenForEach() throws SQLException {
    InboxAnnouncement announcement = saying("hello").build();

    assertThat(inbox.announce(announcement, new Users("team", 450, true)))
        .isEqualTo(new Inbox.Announced(false, true, 450, 0));
    assertThat(inbox.announce(announcement, new Users("team", 450, true)))
        .as("again, after a crash for example")
        .isEqualTo(new Inbox.Announced(false, false, 0, 0));

    assertThat(rows("notify_inbox")).isEqualTo(450);
    assertThat(rows("notify_announcement")).isZero();
    InboxItem item = inbox.feed("user-449", 1).get(0);
    assertThat(item.id()).isEqualTo(announcement.id().toString());
  }

  @Test
  void theThresholdIsWhereItIsSaid() {
    Inbox strict =
        Inbox.builder(store).clock(() -> now).writtenUpTo(10).audience("team", id -> true).build();

    assertThat(strict.announce(saying("1").build(), new Users("team", 10, true)).isKeptOnce())
        .isFalse();
    assertThat(strict.announce(saying("2").build(), new Users("team", 11, true)).isKeptOnce())
        .isTrue();
    assertThat(strict.announce(saying("3").build(), new Users("team", 3, false)).isKeptOnce())
        .as("nobody knows how many")
        .isTrue();
  }

  @Test
  void aLargeAudienceThatNobodyCanTellMembersOfIsNamed() {
    assertThatThrownBy(() -> inbox.announce(saying("x").build(), new Users("odd", 5_000, true)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'odd'");
  }

  @Test
  void aNodeThatDoesNotKnowAnAudienceShowsTheOthers() {
    inbox.announce(saying("even").build(), new Users("even", 5_000, true));
    inbox.announce(saying("all").build());
    Inbox elsewhere = Inbox.builder(store).clock(() -> now).build();

    assertThat(elsewhere.feed("user-2", 10)).hasSize(1);
  }

  @Test
  void toEverybodyItStandsInEveryInboxOnceAndIsNoDeliveryOfAnybodys() {
    InboxAnnouncement announcement = saying("to all").metadata("campaign", "spring").build();

    assertThat(inbox.announce(announcement).isNews()).isTrue();
    assertThat(inbox.announce(announcement).isNews()).isFalse();

    InboxItem item = inbox.feed("jane", 10).get(0);
    assertThat(item.notificationId()).isEmpty();
    assertThat(item.metadata()).containsEntry("campaign", "spring");
    assertThat(inbox.changes("john", 0, 10).items()).hasSize(1);
    assertThat(inbox.counts("jo").unread()).isEqualTo(1);
    assertThat(inbox.markAllRead("jack")).isEqualTo(1);
  }

  private void optOut(String user) {
    store
        .preferences()
        .orElseThrow()
        .update(
            user,
            new Origin(user, "settings", now),
            chosen ->
                chosen.toBuilder()
                    .category(
                        "news", Channel.IN_APP, new Preferences.Choice(false, now, "settings"))
                    .build());
  }

  @Test
  void whoOptedOutDoesNotGetItUnlessItIsCritical() {
    optOut("user-1");

    inbox.announce(saying("to all").build());
    Inbox.Announced few = inbox.announce(saying("to few").build(), new Users("few", 3, true));
    inbox.announce(saying("fire").priority(Priority.CRITICAL).build());

    assertThat(feed("user-1")).containsExactly("fire");
    assertThat(feed("user-2")).hasSize(3);
    assertThat(few).isEqualTo(new Inbox.Announced(false, true, 2, 1));
  }

  @Test
  void somebodyWithAnotherInAppAddressGetsItThere() {
    Recipient jane =
        Recipient.builder("person-7").address(Address.of(Channel.IN_APP, "jane")).build();
    Audience one =
        new Audience() {
          @Override
          public String name() {
            return "one";
          }

          @Override
          public Page page(String cursor, int limit) {
            return new Page(List.of(Member.of(jane)), "", true);
          }

          @Override
          public OptionalLong size() {
            return OptionalLong.of(1);
          }
        };

    inbox.announce(saying("hello").build(), one);

    assertThat(feed("jane")).containsExactly("hello");
    assertThat(feed("person-7")).isEmpty();
  }

  @Test
  void itLeavesWhenItsTimeIsOver() {
    inbox.announce(saying("sale").lifetime(Duration.ofHours(1)).build());
    assertThat(feed("jane")).hasSize(1);

    now = now.plus(Duration.ofHours(1));

    assertThat(feed("jane")).isEmpty();
    assertThat(feed("john")).isEmpty();
    assertThat(inbox.unread("jane")).isZero();
  }

  @Test
  void whatAnInboxCannotShowIsNamed() {
    assertThatThrownBy(
            () -> InboxAnnouncement.of("news", Content.builder().html("x").build()).build())
        .hasMessageContaining("content");
    assertThatThrownBy(() -> InboxAnnouncement.of(" ", Content.ofBody("x")).build())
        .hasMessageContaining("category");
    assertThatThrownBy(() -> saying("x").lifetime(Duration.ZERO).build())
        .hasMessageContaining("lifetime");
  }
}
