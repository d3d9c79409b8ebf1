package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Address;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Digest;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.spi.DigestStore;
import dev.notify.spi.DigestStore.Entered;
import dev.notify.spi.DigestStore.Finish;
import dev.notify.spi.DigestStore.Joining;
import dev.notify.spi.DigestStore.Part;
import dev.notify.spi.DigestStore.Slot;
import dev.notify.spi.DigestStore.Taken;
import dev.notify.spi.DigestStore.Wanted;
import dev.notify.spi.DigestStore.Window;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DigestStore} must do, as tests. A contributor extends this class once for each
 * kind of store and each database.
 *
 * @since 0.1
 */
public abstract class DigestStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Instant END = NOW.plusSeconds(600);
  private static final Set<String> CATEGORIES = Set.of("general", "comments");
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Slot SLOT = new Slot("jane", "general", Optional.empty());
  private static final Reason SAID = new Reason(Reason.DIGEST, "in the digest");

  private final SampleSubmissions samples = new SampleSubmissions();
  private NotificationStore store;
  private DigestStore digests;
  private boolean opened;

  /** An empty store. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
    digests = store.digests().orElseThrow();
    opened = true;
  }

  @AfterEach
  void close() {
    if (opened) {
      store.close();
    }
  }

  private static Window fresh(Slot slot, Instant due) {
    return new Window(UUID.randomUUID(), slot.recipientId(), slot.category(), NOW, END, due, 0, 0);
  }

  private static Joining joining(Part part) {
    return joining(SLOT, part, Optional.empty(), 1_000, false);
  }

  private static Joining joining(
      Slot slot, Part part, Optional<Duration> quiet, int flushAt, boolean endsIt) {
    Instant due = quiet.map(NOW::plus).orElse(END);
    return new Joining(slot, part, fresh(slot, due), quiet, flushAt, endsIt);
  }

  private Submission item(Instant at) {
    return item(SampleSubmissions.notification().build(), at);
  }

  private Submission item(Notification notification, Instant at) {
    return asItem(samples.of(notification, at));
  }

  private static Submission asItem(Submission submission) {
    return SampleSubmissions.with(
        submission,
        delivery ->
            Delivery.builder(delivery.id(), delivery.notificationId())
                .to(delivery.recipientId(), Address.of(Digest.CHANNEL, "general"))
                .lane(new Lane(Digest.CHANNEL, Priority.NORMAL))
                .status(DeliveryStatus.SCHEDULED)
                .reason(Optional.of(new Reason(Reason.DIGEST, "collected")))
                .due(END)
                .expiresAt(END.plusSeconds(600))
                .createdAt(delivery.createdAt())
                .build());
  }

  private Window collected(Submission item) {
    return store.collect(item, joining(Part.JOINS)).window().orElseThrow();
  }

  private Window takeOne(Instant now) {
    List<Window> taken = take(CATEGORIES, now, LEASE, 10).windows();
    assertEquals(1, taken.size());
    return taken.get(0);
  }

  private Taken take(Set<String> categories, Instant now, Duration lease, int most) {
    return digests.take(new Wanted(categories, false, most, 1_000), now, now.plus(lease));
  }

  private List<Held> items(Window window) {
    return digests.items(List.of(window)).getOrDefault(window.id(), List.of());
  }

  private void postpone(Window window, Instant until) {
    digests.postpone(List.of(window), until);
  }

  private boolean finish(Window window, List<Delivery> ended, Optional<Submission> digest) {
    return digests
        .finish(List.of(new Finish(window, ended, digest.stream().toList())))
        .contains(window.id());
  }

  private static List<Delivery> said(List<Held> items, Instant now) {
    return items.stream()
        .map(held -> held.delivery().ended(DeliveryStatus.DIGESTED, SAID, now))
        .toList();
  }

  private static Delivery only(Submission submission) {
    return submission.deliveries().get(0);
  }

  @Test
  public void theFirstItemOpensTheWindowThatLaterOnesJoin() {
    assertEquals(Optional.empty(), digests.open(SLOT));

    Window first = collected(item(NOW));
    Window second = collected(item(NOW.plusSeconds(1)));

    assertEquals(first.id(), second.id());
    assertEquals(2, second.items());
    assertEquals(END, second.due());
    assertEquals(Optional.of(second), digests.open(SLOT));
  }

  @Test
  public void eachPersonCategoryAndKeyHasAWindowOfItsOwn() {
    Set<UUID> windows = new HashSet<>();
    for (Slot slot :
        List.of(
            SLOT,
            new Slot("jane", "general", Optional.of("thread-1")),
            new Slot("jane", "general", Optional.of("thread-2")),
            new Slot("jane", "comments", Optional.empty()),
            new Slot("john", "general", Optional.empty()))) {
      Joining joining = joining(slot, Part.JOINS, Optional.empty(), 10, false);
      windows.add(store.collect(item(NOW), joining).window().orElseThrow().id());
    }

    assertEquals(5, windows.size());
    assertEquals(5, take(CATEGORIES, END, LEASE, 10).windows().size());
  }

  @Test
  public void anItemIsAnAcceptedNotificationThatNobodyIsGivenToSend() {
    Submission item = item(NOW);
    Window ignored = collected(item);

    assertEquals(
        DeliveryStatus.SCHEDULED, store.find(item.id()).orElseThrow().deliveries().get(0).status());
    Lane lane = SampleSubmissions.LANE;
    assertEquals(List.of(), store.claim(Map.of(lane, 10), END.plusSeconds(1)).held());
  }

  @Test
  public void aWindowThatIsNotDueIsNotTaken() {
    Window ignored = collected(item(NOW));

    Taken early = take(CATEGORIES, END.minusMillis(1), LEASE, 10);

    assertEquals(List.of(), early.windows());
    assertTrue(early.nextDue().isEmpty() || early.nextDue().get().equals(END));
    assertEquals(List.of(), take(Set.of("others"), END, LEASE, 10).windows());
    assertEquals(1, take(CATEGORIES, END, LEASE, 10).windows().size());
  }

  @Test
  public void whatIsTakenIsClosedAndTheNextItemOpensAnother() {
    Window first = collected(item(NOW));
    Window taken = takeOne(END);

    Window second = collected(item(NOW.plusSeconds(1)));

    assertEquals(first.id(), taken.id());
    assertFalse(first.id().equals(second.id()));
    assertEquals(1, items(taken).size());
  }

  @Test
  public void itemsComeInTheOrderInWhichTheyWereAccepted() {
    List<Submission> items = List.of(item(NOW), item(NOW.plusSeconds(1)), item(NOW.plusSeconds(2)));
    items.forEach(this::collected);

    List<Held> held = items(takeOne(END));

    assertEquals(
        items.stream().map(Submission::id).toList(),
        held.stream().map(one -> one.delivery().notificationId()).toList());
    assertEquals(
        items.get(0).notification().fingerprint(), held.get(0).notification().fingerprint());
    assertEquals(NOW, held.get(0).delivery().createdAt());
  }

  @Test
  public void itsItemsEndWithTheCommitThatKeepsTheDigest() {
    Submission item = item(NOW);
    Window ignored = collected(item);
    Window taken = takeOne(END);
    Submission digest = samples.due(END);

    assertTrue(finish(taken, said(items(taken), END), Optional.of(digest)));

    Delivery ended = store.find(only(item).id()).orElseThrow();
    assertEquals(DeliveryStatus.DIGESTED, ended.status());
    assertEquals(Optional.of(SAID), ended.reason());
    assertTrue(store.find(item.id()).orElseThrow().isSettled());
    assertEquals(DeliveryStatus.PENDING, store.find(only(digest).id()).orElseThrow().status());
    assertEquals(
        1, store.claim(Map.of(SampleSubmissions.LANE, 10), END.plusSeconds(1)).held().size());
    assertEquals(List.of(), take(CATEGORIES, END.plus(LEASE), LEASE, 10).windows());
  }

  @Test
  public void ofTwoWhoFinishAWindowOneHasItsWay() {
    Window ignored = collected(item(NOW));
    Window taken = takeOne(END);
    List<Delivery> ended = said(items(taken), END);
    Submission second = samples.due(END);

    assertTrue(finish(taken, ended, Optional.of(samples.due(END))));
    assertFalse(finish(taken, ended, Optional.of(second)));

    assertEquals(Optional.empty(), store.find(second.id()));
  }

  @Test
  public void aWindowWhoseTakerDiedIsTakenAgainAndTheOldTakerIsTooLate() {
    Window ignored = collected(item(NOW));
    Window dead = takeOne(END);
    assertEquals(List.of(), take(CATEGORIES, END.plus(LEASE).minusMillis(1), LEASE, 10).windows());

    Window heir = takeOne(END.plus(LEASE));
    List<Delivery> ended = said(items(heir), END);

    assertFalse(finish(dead, ended, Optional.empty()));
    postpone(dead, NOW);
    assertTrue(finish(heir, ended, Optional.empty()));
  }

  @Test
  public void whatIsPostponedIsDueAgainLater() {
    Window ignored = collected(item(NOW));
    postpone(takeOne(END), END.plusSeconds(60));

    assertEquals(List.of(), take(CATEGORIES, END.plusSeconds(59), LEASE, 10).windows());
    assertEquals(1, items(takeOne(END.plusSeconds(60))).size());
  }

  @Test
  public void anItemThatWasCalledOffIsNotSaidAndMustBeSeen() {
    Submission kept = item(NOW);
    Submission calledOff = item(NOW.plusSeconds(1));
    Window ignored = collected(kept);
    ignored = collected(calledOff);
    Window taken = takeOne(END);
    List<Delivery> before = said(items(taken), END);

    store.cancel(only(calledOff), DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), END);

    assertFalse(finish(taken, before, Optional.of(samples.due(END))));
    List<Held> left = items(taken);
    assertEquals(List.of(kept.id()), ids(left));
    assertTrue(finish(taken, said(left, END), Optional.of(samples.due(END))));
    assertEquals(DeliveryStatus.CANCELLED, store.find(only(calledOff).id()).orElseThrow().status());
  }

  private static List<Object> ids(List<Held> items) {
    return items.stream().<Object>map(held -> held.delivery().notificationId()).toList();
  }

  @Test
  public void windowsOfOtherCategoriesAreFoundToo() {
    Window ignored = collected(item(NOW));

    Wanted ofOthers = new Wanted(Set.of("comments"), true, 10, 10);
    Wanted ofNoOthers = new Wanted(Set.of("general"), true, 10, 10);
    assertEquals(List.of(), digests.take(ofNoOthers, END, END).windows());
    assertEquals(List.of(), digests.take(ofOthers, END.minusMillis(1), END).windows());
    assertEquals(1, digests.take(ofOthers, END, END.plus(LEASE)).windows().size());
    assertEquals(List.of(), digests.take(ofOthers, END, END).windows());
    Wanted any = new Wanted(Set.of(), true, 10, 10);
    assertEquals(1, digests.take(any, END.plus(LEASE), END.plus(LEASE)).windows().size());
    Wanted none = new Wanted(Set.of(), false, 10, 10);
    assertEquals(List.of(), digests.take(none, END.plus(LEASE), END).windows());
  }

  @Test
  public void soManyWindowsAreTakenAsHoldSoManyItems() {
    for (String person : List.of("ann", "bob", "eve")) {
      collect(person);
      collect(person);
    }

    assertEquals(1, digests.take(new Wanted(CATEGORIES, false, 10, 1), END, END).windows().size());
    Wanted five = new Wanted(CATEGORIES, false, 10, 5);
    assertEquals(2, digests.take(five, END, END.plus(LEASE)).windows().size());
    assertEquals(1, digests.take(five, END, END.plus(LEASE)).windows().size());
  }

  private Submission collect(String person) {
    Submission item = item(NOW);
    Slot slot = new Slot(person, "general", Optional.empty());
    assertTrue(
        store
            .collect(item, joining(slot, Part.JOINS, Optional.empty(), 10, false))
            .window()
            .isPresent());
    return item;
  }

  @Test
  public void ofManyThatAreFinishedTogetherOneThatCannotBeLeavesTheOthersAlone() {
    List<Submission> items = List.of(collect("ann"), collect("bob"), collect("eve"));
    List<Window> taken = take(CATEGORIES, END, LEASE, 10).windows();
    Map<UUID, List<Held>> held = digests.items(taken);
    List<Finish> finishes =
        taken.stream()
            .map(
                window ->
                    new Finish(
                        window,
                        said(held.getOrDefault(window.id(), List.of()), END),
                        List.of(samples.due(END), samples.due(END))))
            .toList();
    Submission calledOff = items.get(1);
    store.cancel(only(calledOff), DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), END);

    Set<UUID> finished = digests.finish(finishes);

    assertEquals(2, finished.size());
    for (Finish finish : finishes) {
      boolean isKept = finished.contains(finish.window().id());
      boolean isOfTheOther = finish.window().recipientId().equals("bob");
      assertEquals(isOfTheOther, !isKept);
      for (Submission said : finish.said()) {
        assertEquals(isKept, store.find(said.id()).isPresent());
      }
    }
    assertEquals(
        DeliveryStatus.DIGESTED, store.find(only(items.get(0)).id()).orElseThrow().status());
    Window left = takeOne(END.plus(LEASE));
    assertEquals("bob", left.recipientId());
    assertTrue(finish(left, List.of(), Optional.empty()));
  }

  @Test
  public void manyArePostponedTogether() {
    var ignored = List.of(collect("ann"), collect("bob"), collect("eve"));
    List<Window> taken = take(CATEGORIES, END, LEASE, 10).windows();

    digests.postpone(taken, END.plusSeconds(60));

    assertEquals(List.of(), take(CATEGORIES, END.plusSeconds(59), LEASE, 10).windows());
    assertEquals(3, take(CATEGORIES, END.plusSeconds(60), LEASE, 10).windows().size());
  }

  @Test
  public void aWindowWithNothingLeftInItCanBeFinished() {
    Submission item = item(NOW);
    Window ignored = collected(item);
    store.cancel(only(item), DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), NOW);
    Window taken = takeOne(END);

    assertEquals(List.of(), items(taken));
    assertTrue(finish(taken, List.of(), Optional.empty()));
    assertEquals(List.of(), take(CATEGORIES, END.plus(LEASE), LEASE, 10).windows());
  }

  @Test
  public void whatLeadsOpensAWindowWithoutBeingInIt() {
    Submission leader = samples.due(NOW);
    Window window = store.collect(leader, joining(Part.LEADS)).window().orElseThrow();

    assertEquals(0, window.items());
    assertEquals(DeliveryStatus.PENDING, store.find(only(leader).id()).orElseThrow().status());
    assertEquals(List.of(), items(window));
  }

  @Test
  public void ofTwoThatLeadOneComesTooLateAndIsNotKept() {
    Submission second = samples.due(NOW);
    Entered first = store.collect(samples.due(NOW), joining(Part.LEADS));

    Entered missed = store.collect(second, joining(Part.LEADS));

    assertTrue(first.window().isPresent());
    assertEquals(Entered.missed(), missed);
    assertEquals(Optional.empty(), store.find(second.id()));
  }

  @Test
  public void whatFollowsNeedsAWindow() {
    Submission item = item(NOW);

    assertEquals(Entered.missed(), store.collect(item, joining(Part.FOLLOWS)));
    assertEquals(Optional.empty(), store.find(item.id()));

    Entered led = store.collect(samples.due(NOW), joining(Part.LEADS));
    Entered followed = store.collect(item, joining(Part.FOLLOWS));
    assertEquals(led.window().orElseThrow().id(), followed.window().orElseThrow().id());
  }

  @Test
  public void aSlidingWindowEndsWhenNothingComesAnyMore() {
    Optional<Duration> quiet = Optional.of(Duration.ofSeconds(60));
    Joining joining = joining(SLOT, Part.JOINS, quiet, 1_000, false);

    for (int seconds = 0; seconds < 600; seconds += 50) {
      Window window = store.collect(item(NOW.plusSeconds(seconds)), joining).window().orElseThrow();
      Instant due = NOW.plusSeconds(seconds + 60);
      assertEquals(due.isBefore(END) ? due : END, window.due());
    }
  }

  @Test
  public void aSlidingWindowThatIsOverIsNotProlonged() {
    Optional<Duration> quiet = Optional.of(Duration.ofSeconds(60));
    Joining joining = joining(SLOT, Part.JOINS, quiet, 1_000, false);
    Entered ignored = store.collect(item(NOW), joining);

    Window late = store.collect(item(NOW.plusSeconds(61)), joining).window().orElseThrow();

    assertEquals(NOW.plusSeconds(60), late.due());
    assertEquals(2, late.items());
  }

  @Test
  public void soManyItemsEndAWindowAndTheNextOpensAnother() {
    Joining third = joining(SLOT, Part.JOINS, Optional.empty(), 3, false);
    assertEquals(END, store.collect(item(NOW), third).window().orElseThrow().due());
    assertEquals(END, store.collect(item(NOW), third).window().orElseThrow().due());

    Window full = store.collect(item(NOW), third).window().orElseThrow();
    Joining another = joining(SLOT, Part.JOINS, Optional.empty(), 3, false);
    Window next = store.collect(item(NOW), another).window().orElseThrow();

    assertEquals(NOW, full.due());
    assertEquals(1, next.items());
    assertEquals(3, items(takeOne(NOW)).size());
  }

  @Test
  public void anItemMayEndTheWindowAtOnce() {
    Window ignored = collected(item(NOW));

    Window ended =
        store
            .collect(
                item(NOW.plusSeconds(5)), joining(SLOT, Part.JOINS, Optional.empty(), 1_000, true))
            .window()
            .orElseThrow();

    assertEquals(NOW.plusSeconds(5), ended.due());
  }

  @Test
  public void aKeyThatWasUsedKeepsNothing() {
    Submission first = asItem(samples.keyed("key", NOW, Duration.ofDays(1)));
    Submission second = asItem(samples.keyed("key", NOW, Duration.ofDays(1)));
    Window window = collected(first);

    Entered replayed = store.collect(second, joining(Part.JOINS));

    assertEquals(first.id(), replayed.earlier().orElseThrow().id());
    assertEquals(Optional.empty(), store.find(second.id()));
    assertEquals(Optional.of(window), digests.open(SLOT));
    Slot other = new Slot("john", "general", Optional.empty());
    assertTrue(
        store
            .collect(second, joining(other, Part.JOINS, Optional.empty(), 10, false))
            .earlier()
            .isPresent());
    assertEquals(Optional.empty(), digests.open(other));
  }

  @Test
  public void aPersonWhoIsForgottenHasNoWindows() {
    Submission item = item(NOW);
    Window ignored = collected(item);
    Window taken = takeOne(END);
    ignored = collected(item(NOW));

    store
        .openOf("jane")
        .forEach(
            delivery ->
                store.cancel(delivery, DeliveryStatus.CANCELLED, Reason.of(Reason.FORGOTTEN), END));
    assertEquals(2, store.forget("jane").notifications());

    assertFalse(finish(taken, List.of(), Optional.of(samples.due(END))));
    assertEquals(Optional.empty(), digests.open(SLOT));
    assertEquals(List.of(), take(CATEGORIES, END.plus(LEASE), LEASE, 10).windows());
  }

  @Test
  public void manyAtATimeLoseNothingAndSayNothingTwice() throws Exception {
    int senders = 4;
    int each = 30;
    AtomicInteger sending = new AtomicInteger(senders);
    List<Object> said = java.util.Collections.synchronizedList(new ArrayList<>());
    ExecutorService threads = Executors.newFixedThreadPool(senders + 2);
    try {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        work.add(() -> send(each, sending));
      }
      for (int i = 0; i < 2; i++) {
        work.add(() -> flush(sending, said));
      }
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertTrue(done.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(flush(new AtomicInteger(), said));

    assertEquals(senders * each, said.size());
    assertEquals(senders * each, new HashSet<>(said).size());
    assertEquals(List.of(), store.openOf("jane"));
  }

  private boolean send(int count, AtomicInteger sending) {
    try {
      for (int i = 0; i < count; i++) {
        Joining joining = joining(SLOT, Part.JOINS, Optional.empty(), 7, false);
        assertTrue(store.collect(item(NOW), joining).window().isPresent());
      }
      return true;
    } finally {
      sending.decrementAndGet();
    }
  }

  /** As two nodes do, one of which believes the other dead. */
  private boolean flush(AtomicInteger sending, List<Object> said) {
    boolean isLast = false;
    while (!isLast) {
      isLast = sending.get() == 0;
      for (Window window : take(CATEGORIES, END, Duration.ZERO, 10).windows()) {
        List<Held> items = items(window);
        if (finish(window, said(items, END), Optional.empty())) {
          said.addAll(ids(items));
        }
      }
      isLast = isLast && take(CATEGORIES, END, Duration.ZERO, 10).windows().isEmpty();
    }
    return true;
  }
}
