package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Content;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Announcement;
import dev.notify.spi.InboxStore.Changes;
import dev.notify.spi.InboxStore.Counts;
import dev.notify.spi.InboxStore.Page;
import dev.notify.spi.InboxStore.Query;
import dev.notify.spi.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link InboxStore} must do, as tests. A contributor extends this class once for each
 * kind of store and each database.
 *
 * @since 0.1
 */
public abstract class InboxStoreContract {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));

  private InboxStore store;
  private int made;

  /** An empty store that keeps so many items for a user. */
  protected abstract InboxStore create(int itemsPerUser) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create(100);
  }

  private InboxItem item(String userId, Instant receivedAt) {
    return item(userId, receivedAt, LATER, "news");
  }

  /** Ids grow, and so does the order of those of one moment. */
  private InboxItem item(String userId, Instant receivedAt, Instant expiresAt, String category) {
    made++;
    return new InboxItem(
        new UUID(made, 1).toString(),
        userId,
        Optional.of(new NotificationId(new UUID(made, 2))),
        Content.builder().title("Title " + made).body("Body").data("order", "1017").build(),
        category,
        Priority.NORMAL,
        Map.of("trace", "abc"),
        receivedAt,
        expiresAt,
        false,
        false,
        false,
        0);
  }

  private List<InboxItem> add(InboxItem... items) {
    return store.add(List.of(items));
  }

  private List<String> feed(String userId) {
    return ids(store.page(userId, Query.feed(50), NOW).items());
  }

  private static List<String> ids(List<InboxItem> items) {
    return items.stream().map(InboxItem::id).toList();
  }

  private static List<String> ids(InboxItem... items) {
    return ids(List.of(items));
  }

  private Counts counts(String userId) {
    return store.counts(userId, NOW);
  }

  private void assertCounts(int unread, int unseen, String userId) {
    Counts counts = counts(userId);
    assertEquals(unread, counts.unread(), "unread");
    assertEquals(unseen, counts.unseen(), "unseen");
    assertEquals(
        unread,
        store.page(userId, Query.feed(200).unread(), NOW).items().size(),
        "what is counted is what stands there");
  }

  @Test
  public void nobodyHasAnythingAtFirst() {
    assertEquals(List.of(), feed("jane"));
    assertCounts(0, 0, "jane");
    assertEquals(List.of(), store.changes("jane", 0, 10, NOW).items());
    assertFalse(store.changes("jane", 0, 10, NOW).isUnknown());
    assertEquals(List.of(), store.mark("jane", Mark.READ, List.of(new UUID(1, 1).toString()), NOW));
    assertEquals(List.of(), store.mark("jane", Mark.READ, List.of("no id of ours"), NOW));
  }

  @Test
  public void anItemIsKeptAsItIs() {
    InboxItem full =
        new InboxItem(
            new UUID(7, 7).toString(),
            "jane",
            Optional.of(new NotificationId(new UUID(8, 8))),
            Content.builder()
                .title("Grüße 🎉")
                .body("two\nlines <script>")
                .image("https://example.com/a.png")
                .link("https://example.com/")
                .data("order", "1017")
                .push(
                    PushOptions.builder()
                        .action(
                            new PushOptions.Action(
                                "open", "Open it", Optional.of("https://example.com/open")))
                        .build())
                .build(),
            "order_updates",
            Priority.HIGH,
            Map.of("trace", "abc"),
            NOW.plusNanos(123_000),
            LATER,
            false,
            false,
            false,
            0);

    InboxItem added = add(full).get(0);

    InboxItem found = store.page("jane", Query.feed(1), NOW).items().get(0);
    assertEquals(full.at(added.revision()), found);
    assertEquals(Optional.of(found), store.find("jane", full.id(), NOW));
    assertEquals(Optional.empty(), store.find("john", full.id(), NOW));
  }

  @Test
  public void anItemIsFoundByTheNotificationThatBroughtIt() {
    InboxItem item = item("jane", NOW, NOW.plusSeconds(10), "news");
    NotificationId brought = item.notificationId().orElseThrow();
    add(item, item("jane", NOW));
    store.mark("jane", Mark.ARCHIVED, List.of(item.id()), NOW);

    assertEquals(item.id(), store.findOf("jane", brought, NOW).orElseThrow().id());
    assertEquals(Optional.empty(), store.findOf("john", brought, NOW));
    assertEquals(Optional.empty(), store.findOf("jane", new NotificationId(new UUID(0, 9)), NOW));
    assertEquals(Optional.empty(), store.findOf("jane", brought, NOW.plusSeconds(10)));
  }

  @Test
  public void theNumberOfTheLastAnnouncementIsKnown() {
    assertEquals(0, store.lastAnnouncement());

    store.announce(announcement(NOW, LATER));
    store.announce(announcement(NOW, LATER));

    List<Announcement> due = store.announcementsFor("jane", NOW);
    assertEquals(due.get(1).number(), store.lastAnnouncement());
  }

  @Test
  public void theNewestStandFirstPageByPage() {
    InboxItem oldest = item("jane", NOW.minusSeconds(60));
    InboxItem first = item("jane", NOW);
    InboxItem second = item("jane", NOW);
    InboxItem newest = item("jane", NOW.plusSeconds(1));
    add(newest, first, oldest, second, item("john", NOW));

    Page one = store.page("jane", Query.feed(2), NOW);
    Page two = store.page("jane", Query.feed(2).behind(one.next().orElseThrow()), NOW);

    assertEquals(ids(newest, second), ids(one.items()));
    assertEquals(ids(first, oldest), ids(two.items()));
    assertEquals(Optional.empty(), two.next());
  }

  @Test
  public void whatComesBetweenTwoPagesNeitherRepeatsNorHidesAnItem() {
    InboxItem old = item("jane", NOW.minusSeconds(60));
    InboxItem last = item("jane", NOW);
    add(old, last);
    Page one = store.page("jane", Query.feed(1), NOW);

    add(item("jane", NOW.plusSeconds(1)));
    store.mark("jane", Mark.ARCHIVED, List.of(last.id()), NOW);

    assertEquals(
        ids(old),
        ids(store.page("jane", Query.feed(1).behind(one.next().orElseThrow()), NOW).items()));
  }

  @Test
  public void anItemComesOnce() {
    InboxItem item = item("jane", NOW);

    assertEquals(1, add(item).size());
    assertEquals(0, add(item).size());
    assertEquals(ids(item("john", NOW)).size(), add(item, item("jane", NOW)).size());

    assertCounts(2, 2, "jane");
  }

  @Test
  public void ofManyWhoBringTheSameAtATimeOneDoes() {
    InboxItem item = item("jane", NOW);

    int added = IntStream.range(0, 16).parallel().map(i -> add(item).size()).sum();

    assertEquals(1, added);
    assertCounts(1, 1, "jane");
  }

  @Test
  public void marksMoveAnItemAndTheNumbersWithIt() {
    InboxItem one = item("jane", NOW);
    InboxItem two = item("jane", NOW);
    add(one, two);
    assertCounts(2, 2, "jane");

    assertEquals(2, store.markAll("jane", Mark.SEEN, Optional.empty(), NOW).size());
    assertCounts(2, 0, "jane");
    assertEquals(0, store.markAll("jane", Mark.SEEN, Optional.empty(), NOW).size());

    InboxItem read = store.mark("jane", Mark.READ, List.of(one.id()), NOW).get(0);
    assertTrue(read.isRead() && read.isSeen() && !read.isArchived());
    assertEquals(List.of(), store.mark("jane", Mark.READ, List.of(one.id()), NOW));
    assertCounts(1, 0, "jane");

    assertEquals(1, store.mark("jane", Mark.UNREAD, List.of(one.id()), NOW).size());
    assertCounts(2, 0, "jane");

    assertEquals(1, store.mark("jane", Mark.ARCHIVED, List.of(two.id()), NOW).size());
    assertCounts(1, 0, "jane");
    assertEquals(ids(one), feed("jane"));
    assertEquals(ids(two), ids(store.page("jane", Query.archive(10), NOW).items()));

    assertEquals(1, store.mark("jane", Mark.RESTORED, List.of(two.id()), NOW).size());
    assertCounts(2, 0, "jane");
    assertEquals(2, store.markAll("jane", Mark.READ, Optional.empty(), NOW).size());
    assertCounts(0, 0, "jane");
  }

  @Test
  public void whoReadsHasSeen() {
    InboxItem one = item("jane", NOW);
    add(one);

    store.mark("jane", Mark.READ, List.of(one.id()), NOW);

    assertCounts(0, 0, "jane");
  }

  @Test
  public void whoPutsAwayHasSeen() {
    InboxItem one = item("jane", NOW);
    add(one);

    InboxItem away = store.mark("jane", Mark.ARCHIVED, List.of(one.id()), NOW).get(0);

    assertTrue(away.isSeen() && !away.isRead());
    assertCounts(0, 0, "jane");
    assertTrue(store.find("jane", one.id(), NOW).orElseThrow().isSeen());
    store.mark("jane", Mark.RESTORED, List.of(one.id()), NOW);
    assertCounts(1, 0, "jane");
  }

  @Test
  public void nobodyChangesWhatIsSomebodyElses() {
    InboxItem one = item("jane", NOW);
    add(one, item("john", NOW));

    assertEquals(List.of(), store.mark("john", Mark.READ, List.of(one.id()), NOW));

    assertCounts(1, 1, "jane");
  }

  @Test
  public void aCategoryCanBeReadAndMarkedByItself() {
    InboxItem offer = item("jane", NOW, LATER, "offers");
    InboxItem news = item("jane", NOW, LATER, "news");
    add(offer, news);

    assertEquals(ids(offer), ids(store.page("jane", Query.feed(10).of("offers"), NOW).items()));
    assertEquals(ids(news), ids(store.markAll("jane", Mark.READ, Optional.of("news"), NOW)));
    assertEquals(ids(offer), ids(store.page("jane", Query.feed(10).unread(), NOW).items()));
  }

  @Test
  public void changesAreToldOnceAndInTheirOrder() {
    InboxItem one = item("jane", NOW);
    InboxItem two = item("jane", NOW);
    InboxItem three = item("jane", NOW);
    add(one);
    add(two);
    long known = counts("jane").revision();
    assertEquals(List.of(), store.changes("jane", known, 10, NOW).items());

    add(three);
    store.mark("jane", Mark.READ, List.of(one.id()), NOW);

    Changes changes = store.changes("jane", known, 10, NOW);
    assertEquals(ids(three, one), ids(changes.items()));
    assertTrue(changes.items().get(1).isRead());
    assertEquals(2, changes.counts().unread());
    assertFalse(changes.more());
    assertEquals(List.of(), store.changes("jane", changes.upTo(), 10, NOW).items());
  }

  @Test
  public void manyChangesComeInPiecesWithoutGapOrRepeat() {
    for (int i = 0; i < 7; i++) {
      add(item("jane", NOW), item("jane", NOW));
    }
    store.markAll("jane", Mark.SEEN, Optional.empty(), NOW);

    List<String> told = new ArrayList<>();
    Changes changes = store.changes("jane", 0, 3, NOW);
    told.addAll(ids(changes.items()));
    while (changes.more()) {
      changes = store.changes("jane", changes.upTo(), 3, NOW);
      told.addAll(ids(changes.items()));
    }

    assertEquals(14, told.size());
    assertEquals(Set.copyOf(feed("jane")), new HashSet<>(told));
    assertEquals(counts("jane").revision(), changes.upTo());
  }

  @Test
  public void whoKnowsMoreThanThereIsReadsAnew() {
    add(item("jane", NOW));

    Changes changes = store.changes("jane", counts("jane").revision() + 1, 10, NOW);

    assertTrue(changes.isUnknown());
    assertEquals(counts("jane").revision(), changes.upTo());
  }

  @Test
  public void whoKnowsAnInboxThatWasErasedReadsTheNewOneAnew() {
    add(item("jane", NOW));
    long old = counts("jane").revision();
    store.forget("jane");
    assertTrue(store.changes("jane", old, 10, NOW).isUnknown(), "erased");

    InboxItem fresh = item("jane", NOW);
    add(fresh);

    Changes changes = store.changes("jane", old, 10, NOW);
    assertTrue(changes.isUnknown(), "and begun anew");
    assertEquals(List.of(), changes.items());
    assertEquals(counts("jane").revision(), changes.upTo());
    assertFalse(store.changes("jane", changes.upTo(), 10, NOW).isUnknown());
    assertEquals(ids(fresh), ids(store.changes("jane", 0, 10, NOW).items()));
  }

  @Test
  public void changesOfManyAtATimeAreAllToldAndCounted() {
    List<InboxItem> items = IntStream.range(0, 40).mapToObj(i -> item("jane", NOW)).toList();
    Set<String> told = new HashSet<>();
    long[] known = {0};

    items.parallelStream()
        .forEach(
            item -> {
              add(item);
              store.mark("jane", Mark.SEEN, List.of(item.id()), NOW);
              synchronized (told) {
                Changes changes = store.changes("jane", known[0], 100, NOW);
                changes.items().forEach(one -> told.add(one.id()));
                known[0] = changes.upTo();
              }
            });

    assertEquals(40, told.size());
    assertCounts(40, 0, "jane");
  }

  @Test
  public void whatExpiresIsGoneAndIsNotCounted() {
    InboxItem brief = item("jane", NOW, NOW.plusSeconds(10), "news");
    InboxItem lasting = item("jane", NOW);
    add(brief, lasting);
    long before = counts("jane").revision();
    Instant after = NOW.plusSeconds(10);

    assertEquals(1, store.counts("jane", after).unread());
    assertEquals(ids(lasting), ids(store.page("jane", Query.feed(10), after).items()));
    assertEquals(Optional.empty(), store.find("jane", brief.id(), after));
    assertEquals(List.of(), store.mark("jane", Mark.READ, List.of(brief.id()), after));
    assertTrue(store.counts("jane", after).revision() > before, "the numbers have changed");
  }

  @Test
  public void aFullInboxLosesItsOldest() throws Exception {
    store = create(5);
    InboxItem oldest = item("jane", NOW.minusSeconds(9));
    add(oldest);
    store.mark("jane", Mark.READ, List.of(oldest.id()), NOW);
    for (int i = 0; i < 5; i++) {
      add(item("jane", NOW.plusSeconds(i)));
    }

    assertEquals(5, feed("jane").size());
    assertFalse(feed("jane").contains(oldest.id()));
    assertCounts(5, 5, "jane");
  }

  @Test
  public void oneBatchMayHoldMoreThanAnInbox() throws Exception {
    store = create(5);
    List<InboxItem> items =
        IntStream.range(0, 12).mapToObj(i -> item("jane", NOW.plusSeconds(i))).toList();

    store.add(items);

    assertEquals(ids(items.subList(7, 12)), feed("jane").stream().sorted().toList());
    assertCounts(5, 5, "jane");
  }

  private Announcement announcement(Instant at, Instant expiresAt) {
    made++;
    return new Announcement(
        new UUID(made, 3),
        0,
        "",
        Content.builder().title("To all").build(),
        "news",
        Priority.LOW,
        Map.of("campaign", "spring"),
        at,
        expiresAt);
  }

  private void meet(String userId) {
    List<Announcement> due = store.announcementsFor(userId, NOW);
    if (!due.isEmpty()) {
      store.merge(userId, due, due.get(due.size() - 1).number());
    }
  }

  @Test
  public void anAnnouncementIsKeptOnceAndStandsInEveryInboxThatMeetsIt() {
    Announcement first = announcement(NOW, LATER);
    Announcement second = announcement(NOW.plusSeconds(5), LATER);
    assertTrue(store.announce(first));
    assertFalse(store.announce(first));
    assertTrue(store.announce(second));
    InboxItem own = item("jane", NOW.plusSeconds(2));
    add(own);

    meet("jane");

    assertEquals(List.of(second.id().toString(), own.id(), first.id().toString()), feed("jane"));
    assertCounts(3, 3, "jane");
    assertEquals(List.of(), store.announcementsFor("jane", NOW));
    assertEquals(2, store.announcementsFor("john", NOW).size());
    InboxItem item = store.find("jane", first.id().toString(), NOW).orElseThrow();
    assertEquals(first.content(), item.content());
    assertEquals(first.metadata(), item.metadata());
    assertEquals(Priority.LOW, item.priority());
    assertEquals(1, store.mark("jane", Mark.READ, List.of(item.id()), NOW).size());
    assertCounts(2, 2, "jane");
    meet("john");
    assertCounts(2, 2, "john");
  }

  @Test
  public void whoIsNotMeantHasBeenDealtWithAllTheSame() {
    store.announce(announcement(NOW, LATER));
    List<Announcement> due = store.announcementsFor("jane", NOW);

    store.merge("jane", List.of(), due.get(0).number());

    assertEquals(List.of(), store.announcementsFor("jane", NOW));
    assertEquals(List.of(), feed("jane"));
  }

  @Test
  public void anAnnouncementAppearsOnceThoughManyTabsOpen() {
    store.announce(announcement(NOW, LATER));

    IntStream.range(0, 16).parallel().forEach(i -> meet("jane"));

    assertCounts(1, 1, "jane");
  }

  @Test
  public void whatWasAnnouncedAndIsOverIsNotShown() {
    store.announce(announcement(NOW.minusSeconds(9), NOW));
    store.announce(announcement(NOW, LATER));

    meet("jane");

    assertEquals(1, feed("jane").size());
  }

  @Test
  public void announcementsOfManyAtATimeAreAllMet() {
    List<Announcement> several =
        IntStream.range(0, 20).mapToObj(i -> announcement(NOW, LATER)).toList();

    several.parallelStream()
        .forEach(
            one -> {
              store.announce(one);
              meet("jane");
            });
    meet("jane");

    assertEquals(20, feed("jane").size());
  }

  @Test
  public void revisionsOfManyAreKnownAtOnce() {
    add(item("jane", NOW), item("john", NOW));

    Map<String, Long> revisions = store.revisions(List.of("jane", "john", "nobody"), NOW);

    assertEquals(
        Map.of("jane", counts("jane").revision(), "john", counts("john").revision()), revisions);
    assertEquals(Map.of(), store.revisions(List.of(), NOW));
  }

  @Test
  public void whatExpiresIsAChangeToWhoeverAsksForRevisions() {
    InboxItem brief = item("jane", NOW, NOW.plusSeconds(10), "news");
    add(brief, item("jane", NOW), item("john", NOW));
    Map<String, Long> before = store.revisions(List.of("jane", "john"), NOW.plusSeconds(9));

    Map<String, Long> after = store.revisions(List.of("jane", "john"), NOW.plusSeconds(10));

    long known = before.getOrDefault("jane", 0L);
    assertTrue(after.getOrDefault("jane", 0L) > known);
    assertEquals(before.get("john"), after.get("john"));
    assertEquals(after, store.revisions(List.of("jane", "john"), NOW.plusSeconds(11)));
    assertEquals(1, store.counts("jane", NOW.plusSeconds(11)).unread());
    Changes changes = store.changes("jane", known, 10, NOW.plusSeconds(11));
    assertEquals(List.of(), changes.items());
    assertEquals(after.getOrDefault("jane", 0L), changes.upTo());
  }

  @Test
  public void whoIsThereIsKnownUntilTheyAreNot() {
    assertFalse(store.isPresent("jane", NOW));

    store.present(List.of("jane", "john"), NOW.plusSeconds(60));
    store.present(List.of("john"), NOW.plusSeconds(90));

    assertTrue(store.isPresent("jane", NOW));
    assertFalse(store.isPresent("jane", NOW.plusSeconds(60)));
    assertTrue(store.isPresent("john", NOW.plusSeconds(60)));
    assertFalse(store.isPresent("nobody", NOW));
    assertCounts(0, 0, "jane");
    assertEquals(Map.of(), store.revisions(List.of("jane", "john"), NOW), "nobody has an inbox");

    store.present(List.of("john"), NOW.plusSeconds(5));
    assertFalse(store.isPresent("john", NOW.plusSeconds(5)), "who leaves is there no longer");
  }

  @Test
  public void whoeverListensHearsWhoseInboxChanged() {
    List<String> heard = new CopyOnWriteArrayList<>();
    Subscription place = store.onChange(heard::add);
    InboxItem one = item("jane", NOW);
    add(one);
    store.mark("jane", Mark.READ, List.of(one.id()), NOW);
    store.mark("jane", Mark.READ, List.of(one.id()), NOW);
    store.announce(announcement(NOW, LATER));
    place.close();
    add(item("jane", NOW));

    assertEquals(List.of("jane", "jane", ""), heard);
  }

  @Test
  public void ofWhoIsForgottenNothingIsLeft() {
    add(item("jane", NOW), item("jane", NOW), item("john", NOW));
    store.present(List.of("jane"), NOW.plusSeconds(60));
    long before = counts("jane").revision();

    assertEquals(2, store.forget("jane"));

    assertEquals(0, store.forget("jane"));
    assertEquals(List.of(), feed("jane"));
    assertCounts(0, 0, "jane");
    assertFalse(store.isPresent("jane", NOW));
    assertCounts(1, 1, "john");
    add(item("jane", NOW));
    assertTrue(counts("jane").revision() > before, "revisions never come twice");
  }
}
