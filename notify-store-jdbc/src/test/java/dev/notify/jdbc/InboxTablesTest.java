package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Content;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.Priority;
import dev.notify.spi.InboxStore.Announcement;
import dev.notify.spi.InboxStore.Changes;
import dev.notify.spi.InboxStore.Page;
import dev.notify.spi.InboxStore.Query;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tables of inboxes have in them, and lose again. */
class InboxTablesTest {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  private final List<JdbcStore> open = new ArrayList<>();
  private int made;

  @AfterEach
  void close() {
    open.forEach(JdbcStore::close);
  }

  private Inboxes inboxes(DataSource source) {
    JdbcStore store = JdbcStore.of(source);
    open.add(store);
    return (Inboxes) store.inboxes().orElseThrow();
  }

  private InboxItem item(String userId, Instant expiresAt) {
    made++;
    return new InboxItem(
        new UUID(made, 1).toString(),
        userId,
        Optional.empty(),
        Content.ofBody("Body " + made),
        "news",
        Priority.NORMAL,
        Map.of(),
        NOW.plusSeconds(made),
        expiresAt,
        false,
        false,
        false,
        0);
  }

  private List<InboxItem> add(Inboxes inboxes, int count) {
    List<InboxItem> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      added.addAll(inboxes.add(List.of(item("jane", NOW.plus(Duration.ofDays(30))))));
    }
    return added;
  }

  private static void spoil(DataSource source, InboxItem item) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("UPDATE notify_inbox SET body = ? WHERE revision = ?")) {
      statement.setBytes(1, "{spoiled".getBytes(StandardCharsets.US_ASCII));
      statement.setLong(2, item.revision());
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStandsBehindAnItemThatCannotBeReadIsFoundPageByPage(Databases database)
      throws Exception {
    DataSource source = database.clean();
    Inboxes inboxes = inboxes(source);
    List<InboxItem> all = add(inboxes, 6);
    spoil(source, all.get(5));
    spoil(source, all.get(3));
    spoil(source, all.get(2));

    List<String> shown = new ArrayList<>();
    Page page = inboxes.page("jane", Query.feed(2), NOW);
    page.items().forEach(item -> shown.add(item.id()));
    while (page.next().isPresent()) {
      page = inboxes.page("jane", Query.feed(2).behind(page.next().get()), NOW);
      page.items().forEach(item -> shown.add(item.id()));
    }

    assertThat(shown).containsExactly(all.get(4).id(), all.get(1).id(), all.get(0).id());
  }

  @ParameterizedTest
  @EnumSource
  void whatChangedAfterAnItemThatCannotBeReadIsTold(Databases database) throws Exception {
    DataSource source = database.clean();
    Inboxes inboxes = inboxes(source);
    List<InboxItem> all = add(inboxes, 6);
    spoil(source, all.get(1));
    spoil(source, all.get(2));

    List<String> told = new ArrayList<>();
    Changes changes = inboxes.changes("jane", 0, 2, NOW);
    changes.items().forEach(item -> told.add(item.id()));
    while (changes.more()) {
      changes = inboxes.changes("jane", changes.upTo(), 2, NOW);
      changes.items().forEach(item -> told.add(item.id()));
    }

    assertThat(told)
        .containsExactly(all.get(0).id(), all.get(3).id(), all.get(4).id(), all.get(5).id());
  }

  @ParameterizedTest
  @EnumSource
  void whoOnlyLooksLeavesNothingBehind(Databases database) throws Exception {
    DataSource source = database.clean();
    Inboxes inboxes = inboxes(source);

    inboxes.present(List.of("jane", "john"), NOW.plusSeconds(60));
    inboxes.present(List.of("jane"), NOW.plusSeconds(90));
    inboxes.page("jane", Query.feed(10), NOW);
    inboxes.changes("jane", 0, 10, NOW);
    inboxes.markAll("jane", Mark.SEEN, Optional.empty(), NOW);

    assertThat(TableScan.count(source, "notify_inboxuser")).isZero();
    inboxes.prune(NOW.plusSeconds(60), () -> true);
    assertThat(TableScan.count(source, "notify_inboxpresence")).isEqualTo(1);
    inboxes.prune(NOW.plusSeconds(90), () -> true);
    assertThat(TableScan.count(source, "notify_inboxpresence")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void manyWhoComeAtATimeAreNotedOnceEach(Databases database) throws Exception {
    DataSource source = database.clean();
    Inboxes inboxes = inboxes(source);
    List<String> many = IntStream.range(0, 450).mapToObj(i -> "user-" + i).toList();

    IntStream.range(0, 4).parallel().forEach(i -> inboxes.present(many, NOW.plusSeconds(60)));
    inboxes.present(many.subList(100, 450), NOW.plusSeconds(5));

    assertThat(TableScan.count(source, "notify_inboxpresence")).isEqualTo(450);
    assertThat(many.stream().filter(user -> inboxes.isPresent(user, NOW.plusSeconds(30))))
        .containsExactlyElementsOf(many.subList(0, 100));
  }

  @ParameterizedTest
  @EnumSource
  void whoseItemsHaveAllExpiredIsForgottenADayLater(Databases database) throws Exception {
    DataSource source = database.clean();
    Inboxes inboxes = inboxes(source);
    Instant now = databaseTime(source);
    inboxes.add(
        List.of(
            item("jane", now.plusSeconds(10)),
            item("john", now.plusSeconds(10)),
            item("jo", now.plus(Duration.ofDays(30)))));
    long known = inboxes.counts("jane", now).revision();

    inboxes.prune(now.plusSeconds(10), () -> true);
    assertThat(TableScan.count(source, "notify_inboxuser")).isEqualTo(3);
    assertThat(inboxes.changes("jane", known, 10, now.plusSeconds(10)).isUnknown()).isFalse();
    Instant later = now.plus(InboxUsers.EMPTY_FOR).plus(Duration.ofHours(1));
    inboxes.present(List.of("john"), later.plusSeconds(1));
    inboxes.prune(later, () -> true);

    assertThat(inboxes.revisions(List.of("jane", "john", "jo"), later).keySet())
        .containsExactlyInAnyOrder("john", "jo");
    InboxItem fresh = item("jane", later.plusSeconds(60));
    assertThat(inboxes.add(List.of(fresh)).get(0).revision()).isGreaterThan(known);
    assertThat(inboxes.counts("jane", later).unread()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whoWasNotMeantIsRememberedForAsLongAsTheAnnouncementStands(Databases database)
      throws Exception {
    DataSource source = database.clean();
    Inboxes inboxes = inboxes(source);
    Instant now = databaseTime(source);
    Instant end = now.plus(Duration.ofDays(7));
    inboxes.announce(
        new Announcement(
            new UUID(1, 3),
            0,
            "customers",
            Content.ofBody("to some"),
            "news",
            Priority.NORMAL,
            Map.of(),
            now,
            end));
    inboxes.merge("jane", List.of(), inboxes.announcementsFor("jane", now).get(0).number());

    inboxes.prune(now.plus(Duration.ofDays(5)), () -> true);
    assertThat(inboxes.announcementsFor("jane", now)).isEmpty();
    inboxes.prune(end, () -> true);

    assertThat(TableScan.count(source, "notify_inboxuser")).isZero();
    assertThat(TableScan.count(source, "notify_announcement")).isZero();
  }

  @Test
  void whoLeavesOneProcessIsStillInTheOther() throws Exception {
    DataSource source = Databases.H2.clean();
    Inboxes here = inboxes(source);
    Inboxes there = inboxes(source);
    here.present(List.of("jane"), NOW.plusSeconds(60));
    there.present(List.of("jane"), NOW.plusSeconds(60));

    here.present(List.of("jane"), NOW.plusSeconds(5));

    assertThat(here.isPresent("jane", NOW.plusSeconds(30))).isTrue();
    there.present(List.of("jane"), NOW.plusSeconds(5));
    assertThat(here.isPresent("jane", NOW.plusSeconds(30))).isFalse();
  }

  private static Instant databaseTime(DataSource source) {
    try (JdbcStore store = JdbcStore.of(source)) {
      return store.clock().orElseThrow().instant();
    }
  }
}
