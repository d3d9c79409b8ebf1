package dev.notify.test;

import static dev.notify.test.SampleSubmissions.LANE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Assignment;
import dev.notify.model.Broadcast;
import dev.notify.model.Broadcast.Baseline;
import dev.notify.model.Broadcast.Canary;
import dev.notify.model.Broadcast.Expansion;
import dev.notify.model.Broadcast.Refusal;
import dev.notify.model.Broadcast.State;
import dev.notify.model.BroadcastId;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.Routing;
import dev.notify.spi.BroadcastStore;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BroadcastStore} must do, as tests. A contributor extends this class once for
 * each kind of store and each database.
 *
 * @since 0.1
 */
public abstract class BroadcastStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Reason WHY = new Reason("TEST", "because");
  private static final Reason HELD = Reason.of(Reason.BROADCAST_HELD);

  private final SampleSubmissions samples = new SampleSubmissions();
  private NotificationStore store;
  private BroadcastStore broadcasts;
  private boolean opened;

  /** An empty store. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
    broadcasts = store.broadcasts().orElseThrow();
    opened = true;
  }

  @AfterEach
  void close() {
    if (opened) {
      store.close();
    }
  }

  @Test
  public void aBroadcastIsKeptAsItIs() {
    Broadcast broadcast = broadcast(pattern().priority(Priority.LOW).metadata("a", "b").build());

    assertSame(broadcast, broadcasts.add(broadcast));
    assertSame(broadcast, broadcasts.find(broadcast.id()).orElseThrow());
    assertEquals(1, broadcasts.unfinished().size());
    assertEquals(Optional.empty(), broadcasts.find(new BroadcastId(UUID.randomUUID())));
  }

  @Test
  public void everyChangeSurvives() {
    Broadcast broadcast = broadcasts.add(broadcast(pattern().build()));
    Broadcast next =
        broadcast
            .in(State.STOPPED, Optional.of(WHY))
            .with(
                new Expansion(
                    "n17",
                    true,
                    OptionalLong.of(99),
                    3,
                    4,
                    5,
                    6,
                    List.of(new Refusal("ünïcode", WHY))))
            .with(new Canary(false, Optional.of(NOW.plusSeconds(60))))
            .with(new Baseline(NOW, 1, 2, 3, 4, 5))
            .dueAt(NOW.plusSeconds(10));

    Broadcast stored = broadcasts.replace(next).orElseThrow();

    assertSame(next.stored(), stored);
    assertSame(next.stored(), broadcasts.find(broadcast.id()).orElseThrow());
    broadcasts.replace(stored.in(State.COMPLETED, Optional.empty()));
    assertEquals(List.of(), broadcasts.unfinished());
  }

  @Test
  public void aPersonWhoIsForgottenIsNotNamedAmongTheRefused() {
    Reason naming = new Reason("TEST", "jane is unknown");
    Broadcast broadcast = broadcasts.add(broadcast(pattern().build()));
    Broadcast other = broadcasts.add(broadcast(pattern().build()));
    Broadcast before =
        broadcasts
            .replace(
                broadcast.with(
                    new Expansion(
                        "tjane",
                        true,
                        OptionalLong.empty(),
                        0,
                        2,
                        0,
                        0,
                        List.of(new Refusal("jane", naming), new Refusal("john", WHY)))))
            .orElseThrow();

    store.forget("jane");

    Broadcast after = broadcasts.find(broadcast.id()).orElseThrow();
    assertEquals(
        List.of(
            new Refusal(NotificationRecord.ERASED.recipientId(), Reason.of("TEST")),
            new Refusal("john", WHY)),
        after.expansion().refusals());
    assertEquals("", after.expansion().cursor());
    assertEquals(2, after.expansion().skipped());
    assertEquals(
        Optional.empty(), broadcasts.replace(before), "who had the name must not bring it back");
    assertSame(other, broadcasts.find(other.id()).orElseThrow());
  }

  @Test
  public void aKeyStandsForOneBroadcast() throws Exception {
    List<Broadcast> answers =
        Patience.together(
            8, () -> broadcasts.add(broadcast(pattern().idempotencyKey("season").build())));

    assertEquals(1, answers.stream().map(Broadcast::id).distinct().count());
    assertEquals(1, broadcasts.unfinished().size());
    broadcasts.add(broadcast(pattern().idempotencyKey("other").build()));
    assertEquals(2, broadcasts.unfinished().size());
  }

  @Test
  public void ofManyWhoExpandAPageOneHasItsWay() throws Exception {
    Broadcast broadcast = broadcasts.add(broadcast(pattern().build()));
    List<List<Submission>> pages = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pages.add(page(broadcast, 20));
    }
    var each = pages.iterator();

    List<Optional<Broadcast>> answers =
        Patience.together(
            8,
            () -> {
              List<Submission> mine;
              synchronized (pages) {
                mine = each.next();
              }
              return broadcasts.expand(expanded(broadcast, 20), mine);
            });

    assertEquals(1, answers.stream().filter(Optional::isPresent).count());
    assertEquals(20, broadcasts.backlog(broadcast.id(), NOW, 1_000));
    assertEquals(20, claim(1_000).size());
    assertEquals(20, broadcasts.find(broadcast.id()).orElseThrow().expansion().members());
  }

  @Test
  public void whatIsExpandedIsClaimedAndFoundLikeAnythingElse() {
    Broadcast broadcast =
        broadcasts.add(broadcast(pattern().idempotencyKey("k").metadata("trace", "a").build()));
    List<Submission> page = page(broadcast, 3);

    broadcasts.expand(expanded(broadcast, 3), page);

    List<Held> held = claim(10);
    assertEquals(3, held.size());
    Submission first = page.get(0);
    assertEquals(first.notification().fingerprint(), held.get(0).notification().fingerprint());
    assertEquals(Optional.of(broadcast.id()), held.get(0).delivery().broadcast());
    assertEquals(first.deliveries().get(0).claimed(NOW), held.get(0).delivery());
    var record = store.find(first.id()).orElseThrow();
    assertEquals(first.decisions(), record.decisions());
    assertEquals(first.notification().metadata(), record.notification().metadata());
  }

  @Test
  public void aPersonsVariantStandsOnTheirMessageOfABroadcast() {
    Notification pattern =
        Notification.to("everybody")
            .template("season", Map.of("year", 2026))
            .channels(LANE.channel())
            .experiment("season-subject")
            .build();
    Broadcast broadcast = broadcasts.add(broadcast(pattern));
    Assignment given = new Assignment("season-subject", "short");
    Notification own =
        pattern.forRecipient("u1").toBuilder()
            .template("season-short", pattern.template().orElseThrow().variables())
            .routing(Routing.first(LANE.channel(), Channel.SMS))
            .at(NOW.plusSeconds(5))
            .assignment(given)
            .build();
    Submission submission =
        SampleSubmissions.with(
            inBroadcast(samples.of(own, NOW), broadcast), one -> one.inExperiment(given));

    broadcasts.expand(expanded(broadcast, 1), List.of(submission));

    Held held = claim(1).get(0);
    assertEquals(own.fingerprint(), held.notification().fingerprint());
    assertEquals(Optional.of(given), held.notification().assignment());
    assertEquals(Optional.of(given), held.delivery().assignment());
    assertEquals(
        pattern.fingerprint(),
        broadcasts.find(broadcast.id()).orElseThrow().notification().fingerprint());
  }

  @Test
  public void endsAndEngagementAreCounted() {
    Broadcast broadcast = broadcasts.add(broadcast(pattern().build()));
    List<Submission> page = new ArrayList<>(page(broadcast, 5));
    page.add(
        SampleSubmissions.with(
            page(broadcast, 1).get(0),
            delivery -> delivery.ended(DeliveryStatus.SUPPRESSED, WHY, NOW)));
    broadcasts.expand(expanded(broadcast, 6), page);
    store.accept(samples.due(NOW));

    List<Delivery> held = new ArrayList<>();
    claim(10).forEach(one -> held.add(one.delivery()));
    held.removeIf(one -> one.broadcast().isEmpty());
    Delivery sent = held.get(0).sent("smtp", "m-1", NOW);
    store.update(sent, List.of());
    store.update(held.get(1).sent("smtp", "m-2", NOW), List.of());
    store.update(held.get(2).ended(DeliveryStatus.DEAD, WHY, NOW), List.of());
    store.update(held.get(2).ended(DeliveryStatus.DEAD, WHY, NOW), List.of());
    Delivery doubtful = held.get(3).unconfirmed("smtp", NOW.plusSeconds(5), WHY, NOW);
    store.update(doubtful, List.of());
    store.update(
        held.get(4).postponed(DeliveryStatus.PENDING, NOW.plusSeconds(5), WHY, NOW), List.of());
    store.record(DeliveryEvent.of(sent, Type.BOUNCED, NOW));
    store.record(DeliveryEvent.of(sent, Type.BOUNCED, NOW));
    store.record(DeliveryEvent.of(sent, Type.UNSUBSCRIBED, NOW));
    store.record(DeliveryEvent.of(doubtful, Type.DELIVERED, NOW));
    store.cancel(held.get(4), DeliveryStatus.CANCELLED, WHY, NOW);

    assertEquals(
        Map.of(
            Type.SENT, 3L,
            Type.DEAD, 1L,
            Type.SUPPRESSED, 1L,
            Type.BOUNCED, 1L,
            Type.DELIVERED, 1L,
            Type.CANCELLED, 1L,
            Type.UNSUBSCRIBED, 1L),
        broadcasts.counts(broadcast.id()));
    assertFalse(broadcasts.hasOpen(broadcast.id()));
    assertEquals(Map.of(), broadcasts.counts(new BroadcastId(UUID.randomUUID())));
  }

  @Test
  public void theBacklogLeavesOutWhoseTimeHasNotComeAndCountsNoFurtherThanAsked() {
    Broadcast broadcast = broadcasts.add(broadcast(pattern().build()));
    List<Submission> page = new ArrayList<>(page(broadcast, 5));
    page.add(inBroadcast(samples.later(NOW, Duration.ofHours(1)), broadcast));
    broadcasts.expand(expanded(broadcast, 6), page);
    Delivery retried = claim(1).get(0).delivery();
    store.update(
        retried.postponed(DeliveryStatus.PENDING, NOW.plusSeconds(60), WHY, NOW), List.of());

    assertEquals(5, broadcasts.backlog(broadcast.id(), NOW, 100));
    assertEquals(3, broadcasts.backlog(broadcast.id(), NOW, 3));
    assertEquals(6, broadcasts.backlog(broadcast.id(), NOW.plus(Duration.ofHours(1)), 100));
    assertTrue(broadcasts.hasOpen(broadcast.id()));
    claim(1);
    assertEquals(5, broadcasts.waiting(broadcast.id(), 100).size());
    assertEquals(2, broadcasts.waiting(broadcast.id(), 2).size());
  }

  @Test
  public void whatWasHeldIsDueAtOnceWhenReleasedAndNothingElseIs() {
    Broadcast broadcast = broadcasts.add(broadcast(pattern().build()));
    broadcasts.expand(expanded(broadcast, 2), page(broadcast, 2));
    List<Held> both = claim(2);
    Instant later = NOW.plusSeconds(600);
    store.update(
        both.get(0).delivery().postponed(DeliveryStatus.PENDING, later, HELD, NOW), List.of());
    store.update(
        both.get(1).delivery().postponed(DeliveryStatus.PENDING, later, WHY, NOW), List.of());
    assertEquals(0, claim(2).size());

    broadcasts.release(broadcast.id(), NOW);

    List<Held> released = claim(2);
    assertEquals(1, released.size());
    assertEquals(both.get(0).delivery().id(), released.get(0).delivery().id());
  }

  // Words of the tests

  private static Notification.Builder pattern() {
    return Notification.to("everybody")
        .title("News")
        .body("The season begins.")
        .channels(LANE.channel());
  }

  private static Broadcast broadcast(Notification notification) {
    BroadcastOptions options =
        BroadcastOptions.builder()
            .canary(100, Duration.ofMinutes(7))
            .stopAtBounced(0.125)
            .pageSize(77)
            .priority(Priority.HIGH)
            .build();
    return new Broadcast(
        new BroadcastId(UUID.randomUUID()),
        "everybody",
        notification,
        options,
        NOW,
        State.RUNNING,
        Optional.empty(),
        Expansion.NONE,
        new Canary(true, Optional.empty()),
        new Baseline(NOW, 0, 0, 0, 0, 0),
        NOW,
        0);
  }

  private static Broadcast expanded(Broadcast broadcast, int members) {
    return broadcast.with(
        new Expansion(
            "" + members, false, OptionalLong.empty(), members, 0, 0, members, List.of()));
  }

  private List<Submission> page(Broadcast broadcast, int members) {
    List<Submission> page = new ArrayList<>();
    Notification pattern = broadcast.notification().toBuilder().withoutIdempotencyKey().build();
    for (int i = 0; i < members; i++) {
      page.add(inBroadcast(samples.of(pattern.forRecipient("u" + i), NOW), broadcast));
    }
    return page;
  }

  private static Submission inBroadcast(Submission submission, Broadcast broadcast) {
    return SampleSubmissions.with(submission, delivery -> delivery.inBroadcast(broadcast.id()));
  }

  private List<Held> claim(int room) {
    return store.claim(Map.of(LANE, room), NOW).held();
  }

  private static void assertSame(Broadcast expected, Broadcast actual) {
    assertEquals(expected.fingerprint(), actual.fingerprint());
    assertEquals(expected.notification().metadata(), actual.notification().metadata());
    assertEquals(expected.id(), actual.id());
    assertEquals(expected.options(), actual.options());
    assertEquals(expected.createdAt(), actual.createdAt());
    assertEquals(expected.state(), actual.state());
    assertEquals(expected.reason(), actual.reason());
    assertEquals(expected.expansion(), actual.expansion());
    assertEquals(expected.canary(), actual.canary());
    assertEquals(expected.baseline(), actual.baseline());
    assertEquals(expected.due(), actual.due());
    assertEquals(expected.version(), actual.version());
  }
}
