package dev.notify.test;

import static dev.notify.test.SampleSubmissions.ADDRESS;
import static dev.notify.test.SampleSubmissions.LANE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Address;
import dev.notify.model.Assignment;
import dev.notify.model.Attachment;
import dev.notify.model.Attempt;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.EmailOptions;
import dev.notify.model.Extras;
import dev.notify.model.Health.StoreHealth;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.model.Statistics;
import dev.notify.model.Statistics.Amount;
import dev.notify.model.Subject;
import dev.notify.model.Suppression;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Cancellation;
import dev.notify.spi.NotificationStore.Claim;
import dev.notify.spi.NotificationStore.Erased;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NotificationStore} must do, as tests. A contributor extends this class once for
 * each kind of store and each database.
 *
 * @since 0.1
 */
public abstract class NotificationStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Reason WHY = new Reason("TEST", "because");

  private final SampleSubmissions samples = new SampleSubmissions();
  private NotificationStore store;
  private boolean opened;

  /** An empty store with room for ten thousand open deliveries at least. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
    opened = true;
  }

  @AfterEach
  void close() {
    if (opened) {
      store.close();
    }
  }

  // Accepting

  @Test
  public void whatWasAcceptedIsFound() {
    Submission submission = samples.due(NOW);

    assertEquals(Optional.empty(), store.accept(submission));

    NotificationRecord record = record(submission);
    assertEquals(submission.notification().fingerprint(), record.notification().fingerprint());
    assertEquals(submission.decisions(), record.decisions());
    assertEquals(submission.deliveries(), record.deliveries());
    assertTrue(record.attempts().isEmpty());
    assertTrue(record.events().isEmpty());
    assertEquals(Optional.empty(), store.find(new NotificationId(UUID.randomUUID())));
  }

  @Test
  public void aDeliveryIsFoundByItsIdWhileItIsOpenAndAfterIt() {
    Submission submission = samples.due(NOW);
    store.accept(submission);
    assertEquals(Optional.of(delivery(submission)), store.find(delivery(submission).id()));

    Delivery held = claimOne(NOW);
    assertEquals(Optional.of(held), store.find(held.id()));
    Delivery sent = held.sent("smtp", "m-1", NOW);
    store.update(sent, List.of());

    assertEquals(Optional.of(sent), store.find(held.id()));
    assertEquals(Optional.empty(), store.find(new DeliveryId(UUID.randomUUID())));
  }

  @Test
  public void theVariantOfAnExperimentStandsOnDeliveriesAndEvents() {
    Assignment given = new Assignment("welcome", "emoji");
    Notification notification = SampleSubmissions.notification().assignment(given).build();
    Submission submission =
        SampleSubmissions.with(
            samples.of(notification, NOW), delivery -> delivery.inExperiment(given));
    store.accept(submission);
    assertEquals(Optional.of(given), record(submission).notification().assignment());
    assertEquals(submission.deliveries(), record(submission).deliveries());

    Delivery held = claimOne(NOW);
    assertEquals(Optional.of(given), held.assignment());
    Delivery sent = held.sent("smtp", "m-1", NOW);
    store.update(sent, List.of());
    DeliveryEvent opened = DeliveryEvent.of(sent, Type.OPENED, NOW);
    store.record(opened);

    assertEquals(Optional.of(given), store.find(sent.id()).orElseThrow().assignment());
    assertEquals(List.of(opened), record(submission).events());
  }

  @Test
  public void whatGoesWithTheWordsIsKept() {
    Extras extras =
        new Extras(
            Map.of("order", "1017"),
            List.of(
                Attachment.of("invoice.pdf", "application/pdf", new byte[] {1, 2, -1}),
                Attachment.inline("logo", "logo.png", "image/png", new byte[] {3})),
            PushOptions.builder()
                .badge(3)
                .sound("default")
                .action(PushOptions.Action.of("later", "Later"))
                .action(PushOptions.Action.opening("track", "Track", "https://example.com/1017"))
                .collapseKey("order-1017")
                .apple(
                    new PushOptions.Apple(
                        Optional.of("On its way"),
                        Optional.of("orders"),
                        Optional.of("order"),
                        Optional.of(PushOptions.Interruption.TIME_SENSITIVE)))
                .android(
                    new PushOptions.Android(
                        Optional.of("orders"), Optional.of("ic_order"), Optional.of("#00ff7f")))
                .web(new PushOptions.Web(Optional.of("/i.png"), Optional.of("/b.png"), true))
                .build(),
            EmailOptions.builder()
                .replyTo(Address.email("help@example.com").named("Help"))
                .cc(Address.email("cc@example.com"))
                .bcc(Address.email("bcc@example.com"))
                .header("X-Campaign", "spring")
                .tag("orders")
                .unsubscribe(URI.create("https://example.com/u/1"))
                .build());
    Submission said = samples.of(SampleSubmissions.notification().extras(extras).build(), NOW);
    Submission rendered =
        samples.of(
            Notification.to("jane")
                .template("shipped", Map.of("order", "1017"))
                .extras(extras)
                .channels(Channel.EMAIL)
                .build(),
            NOW);
    store.accept(said);
    store.accept(rendered);

    assertEquals(said.notification().fingerprint(), record(said).notification().fingerprint());
    assertEquals(extras.push(), record(said).notification().content().orElseThrow().push());
    assertEquals(extras.email(), record(said).notification().content().orElseThrow().email());
    assertEquals(extras.push(), record(rendered).notification().extras().push());
    assertEquals(extras.email(), record(rendered).notification().extras().email());
    assertEquals(
        rendered.notification().fingerprint(), record(rendered).notification().fingerprint());
  }

  @Test
  public void aKeyStandsForOneNotificationUntilItsWindowEnds() {
    Submission first = samples.keyed("k", NOW, Duration.ofHours(1));
    Submission second = samples.keyed("k", NOW, Duration.ofHours(1));
    store.accept(first);

    assertEquals(Optional.of(first.id()), store.accept(second).map(KeyUse::id));
    assertEquals(Optional.empty(), store.find(second.id()));
    assertEquals(first.key(), store.findKey("k", NOW));
    assertEquals(Optional.empty(), store.findKey("other", NOW));

    Instant ended = NOW.plus(Duration.ofHours(1));
    assertEquals(Optional.empty(), store.findKey("k", ended));
    assertEquals(Optional.empty(), store.accept(samples.keyed("k", ended, Duration.ofHours(1))));
  }

  @Test
  public void ofManyWithOneKeyOneIsKept() throws Exception {
    List<Optional<KeyUse>> answers =
        Patience.together(20, () -> store.accept(samples.keyed("k", NOW, Duration.ofHours(1))));

    assertEquals(1, answers.stream().filter(Optional::isEmpty).count());
    Set<NotificationId> winners =
        answers.stream().flatMap(Optional::stream).map(KeyUse::id).collect(Collectors.toSet());
    assertEquals(1, winners.size());
    assertEquals(1, claim(100, NOW).held().size());
  }

  // Claiming

  @Test
  public void whatIsDueIsClaimedOnce() {
    Submission submission = samples.due(NOW);
    store.accept(submission);

    List<Held> held = claim(10, NOW).held();

    assertEquals(1, held.size());
    assertEquals(submission.deliveries().get(0).claimed(NOW), held.get(0).delivery());
    assertEquals(submission.notification().fingerprint(), held.get(0).notification().fingerprint());
    assertEquals(List.of(), claim(10, NOW).held());
  }

  @Test
  public void whatIsBornInSomebodysHandsIsNotClaimed() {
    store.accept(samples.born(NOW));

    assertEquals(List.of(), claim(10, NOW).held());
  }

  @Test
  public void whatIsDueLaterWaitsAndTheClaimTellsUntilWhen() {
    store.accept(samples.later(NOW, Duration.ofHours(2)));
    store.accept(samples.later(NOW, Duration.ofHours(1)));

    Claim early = claim(10, NOW);
    assertEquals(List.of(), early.held());
    Instant nextLook = early.nextDue().orElseThrow();
    assertTrue(nextLook.isAfter(NOW) && !nextLook.isAfter(NOW.plus(Duration.ofHours(1))));
    assertEquals(List.of(), claim(10, NOW.plus(Duration.ofHours(1)).minusMillis(1)).held());
    assertEquals(1, claim(10, NOW.plus(Duration.ofHours(1))).held().size());
    assertEquals(1, claim(10, NOW.plus(Duration.ofHours(2))).held().size());
  }

  @Test
  public void whoIsDueFirstIsClaimedFirst() {
    List<DeliveryId> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Submission submission = samples.due(NOW.plusMillis(i));
      store.accept(submission);
      expected.add(delivery(submission).id());
    }

    List<DeliveryId> claimed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      claim(10, NOW.plusSeconds(1)).held().forEach(held -> claimed.add(held.delivery().id()));
    }

    assertEquals(expected, claimed);
  }

  @Test
  public void aClaimTakesOnlyWhatEachLaneHasRoomFor() {
    for (Priority priority : Priority.values()) {
      for (int i = 0; i < 10; i++) {
        store.accept(samples.of(SampleSubmissions.notification().priority(priority).build(), NOW));
      }
    }
    Lane low = new Lane(Channel.EMAIL, Priority.LOW);
    Lane critical = new Lane(Channel.EMAIL, Priority.CRITICAL);
    Lane otherChannel = new Lane(Channel.SMS, Priority.LOW);

    List<Held> held = store.claim(Map.of(low, 3, critical, 20, otherChannel, 5), NOW).held();

    Map<Lane, Long> counts =
        held.stream()
            .collect(Collectors.groupingBy(one -> one.delivery().lane(), Collectors.counting()));
    assertEquals(Map.of(low, 3L, critical, 10L), counts);
    assertEquals(List.of(), store.claim(Map.of(), NOW).held());
  }

  @Test
  public void ofManyClaimersEachDeliveryHasOne() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      store.accept(samples.due(NOW));
    }

    List<List<Held>> claims = Patience.together(20, () -> claim(75, NOW).held());

    List<DeliveryId> all =
        new ArrayList<>(
            claims.stream().flatMap(List::stream).map(held -> held.delivery().id()).toList());
    for (List<Held> rest = claim(1_000, NOW).held();
        !rest.isEmpty();
        rest = claim(1_000, NOW).held()) {
      rest.forEach(held -> all.add(held.delivery().id()));
    }
    assertEquals(1_000, all.size());
    assertEquals(1_000, new HashSet<>(all).size());
  }

  // Updating

  @Test
  public void aFinishedDeliveryIsNotClaimedAgain() {
    store.accept(samples.due(NOW));
    Delivery held = claimOne(NOW);
    Attempt attempt = attempt(Outcome.accepted("m-1"));

    assertTrue(store.update(held.sent("smtp", "m-1", NOW), List.of(attempt)).isPresent());

    NotificationRecord record = store.find(held.notificationId()).orElseThrow();
    assertEquals(DeliveryStatus.SENT, record.deliveries().get(0).status());
    assertEquals(List.of(attempt), record.attempts(held.id()));
    assertEquals(List.of(), claim(10, NOW.plus(Duration.ofDays(1))).held());
  }

  @Test
  public void whatAProviderAnsweredIsKeptAsItWas() {
    store.accept(samples.due(NOW));
    Delivery held = claimOne(NOW);
    List<Attempt> attempts =
        Stream.of(
                Outcome.retryable("down", Duration.ofSeconds(3)),
                Outcome.throttled("too many"),
                Outcome.unknown("no answer"),
                Outcome.misconfigured("no such account"),
                Outcome.rejected("too long"),
                Outcome.invalidAddress("no such number"),
                Outcome.optedOut("answered by STOP"),
                new Outcome.InvalidAddress(
                    "reported as spam", Optional.empty(), Suppression.Kind.COMPLAINT),
                Outcome.accepted("m-1"))
            .map(NotificationStoreContract::attempt)
            .toList();

    store.update(held.sent("smtp", "m-1", NOW), attempts);

    assertEquals(attempts, store.find(held.notificationId()).orElseThrow().attempts(held.id()));
  }

  @Test
  public void aRetryComesBackWhenItIsDueWithAHigherLease() {
    store.accept(samples.due(NOW));
    Delivery first = claimOne(NOW);
    Attempt attempt = attempt(Outcome.retryable("down"));
    Instant due = NOW.plusSeconds(30);

    store.update(
        first.attempted("smtp").postponed(DeliveryStatus.PENDING, due, WHY, NOW), List.of(attempt));

    assertEquals(List.of(), claim(10, NOW).held());
    Delivery second = claimOne(due);
    assertEquals(first.lease() + 1, second.lease());
    assertEquals(1, second.attempts());
    assertEquals(Optional.of(WHY), second.reason());
    store.update(second.sent("smtp", "m-1", due), List.of(attempt(Outcome.accepted("m-1"))));
    assertEquals(2, store.find(first.notificationId()).orElseThrow().attempts(first.id()).size());
  }

  @Test
  public void anUnconfirmedDeliveryComesBackToo() {
    store.accept(samples.due(NOW));
    Delivery held = claimOne(NOW);

    store.update(held.unconfirmed("smtp", NOW.plusSeconds(5), WHY, NOW), List.of());

    assertEquals(DeliveryStatus.SENDING, claimOne(NOW.plusSeconds(5)).status());
  }

  @Test
  public void aChangeUnderAnOldLeaseIsRefused() {
    store.accept(samples.due(NOW));
    Delivery old = claimOne(NOW);
    store.update(old.postponed(DeliveryStatus.PENDING, NOW, WHY, NOW), List.of());
    Delivery owner = claimOne(NOW);

    assertFalse(
        store
            .update(old.sent("smtp", "zombie", NOW), List.of(attempt(Outcome.accepted("zombie"))))
            .isPresent());

    assertTrue(store.find(old.notificationId()).orElseThrow().attempts().isEmpty());
    assertTrue(store.update(owner.sent("smtp", "m-1", NOW), List.of()).isPresent());
    assertFalse(
        store.update(owner.sent("smtp", "m-2", NOW), List.of()).isPresent(), "ended already");
  }

  @Test
  public void aChangeOfAnUnknownDeliveryIsRefused() {
    Delivery unknown = delivery(samples.born(NOW));

    assertFalse(store.update(unknown.sent("smtp", "m-1", NOW), List.of()).isPresent());
  }

  // Cancelling

  @Test
  public void whatNobodyHoldsIsCancelledForGood() {
    Submission submission = samples.due(NOW);
    store.accept(submission);

    Cancellation answer = cancel(delivery(submission));

    assertTrue(answer.tookEffect());
    assertEquals(DeliveryStatus.CANCELLED, answer.delivery().status());
    assertEquals(Optional.of(WHY), answer.delivery().reason());
    assertEquals(new Cancellation(answer.delivery(), false), cancel(delivery(submission)));
    assertEquals(List.of(), claim(10, NOW).held());
    assertEquals(DeliveryStatus.CANCELLED, record(submission).deliveries().get(0).status());
  }

  @Test
  public void whatSomebodyHoldsOrHasEndedStaysAsItIs() {
    store.accept(samples.due(NOW));
    Delivery held = claimOne(NOW);

    Cancellation whileHeld = cancel(held);
    assertEquals(DeliveryStatus.SENDING, whileHeld.delivery().status());
    assertFalse(whileHeld.tookEffect());

    store.update(held.sent("smtp", "m-1", NOW), List.of());
    assertEquals(DeliveryStatus.SENT, cancel(held).delivery().status());
    assertEquals(
        Optional.empty(),
        store.cancel(delivery(samples.due(NOW)), DeliveryStatus.CANCELLED, WHY, NOW));
  }

  @Test
  public void whatIsCalledOffWhileSomebodyHoldsItEndsInsteadOfWaitingAgain() {
    Submission submission = samples.due(NOW);
    store.accept(submission);
    Delivery held = claimOne(NOW);
    cancel(held);
    Delivery retry = held.postponed(DeliveryStatus.PENDING, NOW.plusSeconds(60), WHY, NOW);

    Optional<Delivery> after = store.update(retry, List.of(attempt(Outcome.retryable("down"))));

    assertEquals(Optional.of(DeliveryStatus.CANCELLED), after.map(Delivery::status));
    assertEquals(after, Optional.of(record(submission).deliveries().get(0)));
    assertEquals(1, record(submission).attempts().size());
    assertEquals(List.of(), claim(10, NOW.plusSeconds(61)).held());
  }

  @Test
  public void whatMayHaveBeenSentIsAskedAboutThoughItWasCalledOff() {
    store.accept(samples.due(NOW));
    Delivery held = claimOne(NOW);
    cancel(held);
    Reason lost = Reason.of(Reason.UNCONFIRMED);

    store.update(held.unconfirmed("smtp", NOW.plusSeconds(5), lost, NOW), List.of());
    Delivery doubtful = claimOne(NOW.plusSeconds(5));
    Optional<Delivery> after =
        store.update(
            doubtful.postponed(DeliveryStatus.PENDING, NOW.plusSeconds(9), WHY, NOW), List.of());

    assertEquals(Optional.of(DeliveryStatus.CANCELLED), after.map(Delivery::status));
  }

  @Test
  public void whatIsCalledOffWhileItIsInDoubtIsNotSentAgain() {
    store.accept(samples.due(NOW));
    Delivery held = claimOne(NOW);
    Reason lost = Reason.of(Reason.UNCONFIRMED);
    store.update(held.unconfirmed("smtp", NOW.plusSeconds(5), lost, NOW), List.of());

    Cancellation answer = cancel(held);
    assertEquals(DeliveryStatus.UNCONFIRMED, answer.delivery().status());
    assertFalse(answer.tookEffect());

    Delivery doubtful = claimOne(NOW.plusSeconds(5));
    Optional<Delivery> after =
        store.update(
            doubtful.postponed(DeliveryStatus.PENDING, NOW.plusSeconds(9), WHY, NOW), List.of());
    assertEquals(Optional.of(DeliveryStatus.CANCELLED), after.map(Delivery::status));
  }

  private Cancellation cancel(Delivery delivery) {
    return store.cancel(delivery, DeliveryStatus.CANCELLED, WHY, NOW).orElseThrow();
  }

  @Test
  public void cancelAndClaimNeverBothWin() throws Exception {
    for (int round = 0; round < 50; round++) {
      Submission submission = samples.due(NOW);
      store.accept(submission);

      Callable<Boolean> claim = () -> !claim(1, NOW).held().isEmpty();
      Callable<Boolean> cancel = () -> cancel(delivery(submission)).tookEffect();

      List<Boolean> wins = Patience.together(List.of(claim, cancel, claim, cancel));

      assertEquals(1, wins.stream().filter(win -> win).count(), "claim, cancel, twice: " + wins);
    }
  }

  @Test
  public void openDeliveriesOfASubjectAreFound() {
    Notification about = SampleSubmissions.notification().about("order", "1017").build();
    Submission open = samples.of(about, NOW);
    Submission ended = samples.of(about, NOW);
    store.accept(open);
    store.accept(ended);
    store.accept(samples.due(NOW));
    store.cancel(delivery(ended), DeliveryStatus.CANCELLED, WHY, NOW);

    List<Delivery> found = store.openAbout(new Subject("order", "1017"));

    assertEquals(List.of(delivery(open).id()), found.stream().map(Delivery::id).toList());
    assertEquals(List.of(), store.openAbout(new Subject("order", "1018")));
  }

  // Events

  @Test
  public void anEventIsRecordedOnceAndMovesTheStatusUp() {
    Delivery sent = sent("m-1");
    DeliveryEvent event = DeliveryEvent.of(sent, Type.DELIVERED, NOW.plusSeconds(1));

    assertEquals(Optional.of(DeliveryStatus.DELIVERED), store.record(event).map(Delivery::status));
    assertEquals(Optional.empty(), store.record(event), "a repeated event is no news");

    NotificationRecord record = store.find(sent.notificationId()).orElseThrow();
    assertEquals(DeliveryStatus.DELIVERED, record.deliveries().get(0).status());
    assertEquals(List.of(event), record.events());
  }

  @Test
  public void engagementIsKeptBesideTheStatusAndNothingGoesBackwards() {
    Delivery sent = sent("m-1");

    store.record(DeliveryEvent.of(sent, Type.OPENED, NOW.plusSeconds(2)));
    store.record(DeliveryEvent.of(sent, Type.DELIVERED, NOW.plusSeconds(1)));
    store.record(DeliveryEvent.of(sent, Type.SENT, NOW.plusSeconds(3)));

    NotificationRecord record = store.find(sent.notificationId()).orElseThrow();
    assertEquals(DeliveryStatus.DELIVERED, record.deliveries().get(0).status());
    assertTrue(record.wasSeen());
  }

  @Test
  public void aSentDeliveryIsFoundByItsProvidersId() {
    Delivery sent = sent("m-1");

    assertEquals(
        Optional.of(sent.id()), store.findByProviderMessage("smtp", "m-1").map(Delivery::id));
    assertEquals(Optional.empty(), store.findByProviderMessage("smtp", "m-2"));
    assertEquals(Optional.empty(), store.findByProviderMessage("other", "m-1"));
  }

  @Test
  public void anEventOfAnUnknownDeliveryIsIgnored() {
    Delivery unknown = delivery(samples.due(NOW));

    assertEquals(Optional.empty(), store.record(DeliveryEvent.of(unknown, Type.OPENED, NOW)));
  }

  // Dead letters and lists

  @Test
  public void deadLettersAreListedNewestFirstAndTakenOnce() throws Exception {
    List<DeliveryId> dead = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      store.accept(samples.due(NOW));
      Delivery held = claimOne(NOW);
      store.update(held.ended(DeliveryStatus.DEAD, WHY, NOW.plusSeconds(i)), List.of());
      dead.add(0, held.id());
    }

    assertEquals(dead, store.deadLetters(10).stream().map(Delivery::id).toList());
    assertEquals(dead.subList(0, 2), store.deadLetters(2).stream().map(Delivery::id).toList());

    List<Optional<Delivery>> takers = Patience.together(8, () -> store.takeDeadLetter(dead.get(1)));
    assertEquals(1, takers.stream().filter(Optional::isPresent).count());
    assertEquals(
        List.of(dead.get(0), dead.get(2)),
        store.deadLetters(10).stream().map(Delivery::id).toList());
  }

  @Test
  public void whatWaitsIsListed() {
    Submission now = samples.due(NOW);
    Submission later = samples.later(NOW, Duration.ofHours(1));
    store.accept(now);
    store.accept(later);
    store.accept(samples.born(NOW));

    assertEquals(
        Set.of(delivery(now).id(), delivery(later).id()),
        store.waiting(10).stream().map(Delivery::id).collect(Collectors.toSet()));
    assertEquals(1, store.waiting(1).size());
  }

  // Forgetting a person

  @Test
  public void theNewestAreListedPageByPage() {
    List<NotificationId> newestFirst = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Submission submission = samples.due(NOW);
      store.accept(submission);
      newestFirst.add(submission.id());
    }
    newestFirst.sort(Comparator.reverseOrder());

    List<NotificationRecord> page = store.recent(Optional.empty(), 2);
    List<NotificationRecord> next = store.recent(Optional.of(page.get(1).id()), 10);

    assertEquals(newestFirst.subList(0, 2), page.stream().map(NotificationRecord::id).toList());
    assertEquals(newestFirst.subList(2, 5), next.stream().map(NotificationRecord::id).toList());
    assertEquals(record(page.get(0).id()).deliveries(), page.get(0).deliveries());
  }

  private NotificationRecord record(NotificationId id) {
    return store.find(id).orElseThrow();
  }

  @Test
  public void ofAPersonWhoIsForgottenOnlyWhatBecameOfDeliveriesIsLeft() {
    Submission one = samples.keyed("k", NOW, Duration.ofHours(1));
    store.accept(one);
    Delivery held = claimOne(NOW);
    store.update(
        held.attempted("smtp").postponed(DeliveryStatus.PENDING, NOW, WHY, NOW),
        List.of(attempt(Outcome.retryable("jane's mailbox is full"))));
    Delivery sent = claimOne(NOW).sent("smtp", "m-1", NOW);
    store.update(sent, List.of(attempt(Outcome.accepted("m-1"))));
    store.record(DeliveryEvent.of(sent, Type.DELIVERED, NOW.plusSeconds(1)));
    store.accept(samples.of(other(), NOW));

    Erased erased = store.forget("jane");

    assertEquals(1, erased.notifications());
    assertEquals(1, erased.deliveries());
    assertTrue(erased.details() >= 2);
    NotificationRecord record = record(one);
    assertTrue(record.isErased());
    assertEquals(List.of(), record.decisions());
    Delivery left = record.deliveries().get(0);
    assertEquals(DeliveryStatus.DELIVERED, left.status());
    assertEquals(NotificationRecord.ERASED.recipientId(), left.recipientId());
    assertFalse(left.address().value().contains("jane"));
    assertEquals(Optional.empty(), left.providerMessageId());
    assertEquals(2, record.attempts(left.id()).size());
    for (Attempt attempt : record.attempts(left.id())) {
      assertFalse(attempt.toString().contains("jane") || attempt.toString().contains("m-1"));
    }
    assertEquals(1, record.events().size());
    assertEquals(Optional.empty(), store.findByProviderMessage("smtp", "m-1"));
    assertEquals(Optional.of(one.id()), store.findKey("k", NOW).map(KeyUse::id));
    assertEquals("john", claim(10, NOW).held().get(0).notification().recipientId());
  }

  @Test
  public void forgettingTwiceErasesOnce() {
    store.accept(samples.due(NOW));
    store.cancel(waitingOne(), DeliveryStatus.CANCELLED, WHY, NOW);
    store.forget("jane");

    Erased again = store.forget("jane");

    assertEquals(new Erased(0, 0, 0, false, false), again);
    assertEquals(new Erased(0, 0, 0, false, false), store.forget("nobody"));
  }

  @Test
  public void whatIsOpenForAPersonIsFound() {
    store.accept(samples.due(NOW));
    store.accept(samples.later(NOW, Duration.ofHours(1)));
    store.accept(samples.of(other(), NOW));

    assertEquals(2, store.openOf("jane").size());
    assertEquals(1, store.openOf("john").size());
    assertEquals(List.of(), store.openOf("nobody"));
  }

  @Test
  public void whatWasForgottenInFlightEndsAndIsNotHandedOutAgain() {
    store.accept(samples.due(NOW));
    store.accept(samples.due(NOW));
    Delivery returns = claimOne(NOW);
    Delivery arrives = claimOne(NOW);

    store.forget("jane");
    store.update(returns.postponed(DeliveryStatus.PENDING, NOW, WHY, NOW), List.of());
    store.update(arrives.sent("smtp", "m-1", NOW), List.of());

    assertEquals(List.of(), claim(10, NOW).held());
    assertEquals(
        DeliveryStatus.SENT,
        store.find(arrives.notificationId()).orElseThrow().deliveries().get(0).status());
    assertFalse(
        store.find(returns.notificationId()).orElseThrow().deliveries().get(0).status().isOpen());
    store.forget("jane");
    assertEquals(Optional.empty(), store.findByProviderMessage("smtp", "m-1"));
  }

  @Test
  public void aDeadLetterOfAPersonWhoIsForgottenIsOffTheList() {
    store.accept(samples.due(NOW));
    store.update(claimOne(NOW).ended(DeliveryStatus.DEAD, WHY, NOW), List.of());

    store.forget("jane");

    assertEquals(List.of(), store.deadLetters(10));
  }

  // Health

  @Test
  public void aStoreThatWorksSaysSo() {
    store.accept(samples.due(NOW));

    StoreHealth health = store.health(Set.of(LANE));

    assertEquals(Optional.empty(), health.fault());
    assertEquals(0, health.stuck());
    assertTrue(health.node().stream().allMatch(node -> node.inCharge() && node.live() == 1));
    assertFalse(health.lateness().values().stream().anyMatch(Duration::isNegative));
  }

  // Statistics

  @Test
  public void whatHappensIsCountedByHourChannelAndType() {
    Instant hour = Statistics.hourOf(NOW);
    Delivery opened = sent("m-1");
    sent("m-2");
    store.record(DeliveryEvent.of(opened, Type.DELIVERED, NOW.plus(Duration.ofHours(1))));
    store.record(DeliveryEvent.of(opened, Type.DELIVERED, NOW.plus(Duration.ofHours(1))));
    store.record(DeliveryEvent.of(opened, Type.OPENED, NOW.plus(Duration.ofHours(2))));
    store.accept(samples.due(NOW));
    store.update(claimOne(NOW).ended(DeliveryStatus.DEAD, WHY, NOW), List.of());
    store.accept(samples.later(NOW, Duration.ofHours(1)));
    store.cancel(waitingOne(), DeliveryStatus.CANCELLED, WHY, NOW);
    store.accept(samples.due(NOW));

    Statistics day = store.statistics(hour, hour.plus(Duration.ofDays(1)));

    assertEquals(
        List.of(
            new Amount(hour, Channel.EMAIL, Type.SENT, 2),
            new Amount(hour, Channel.EMAIL, Type.DEAD, 1),
            new Amount(hour, Channel.EMAIL, Type.CANCELLED, 1),
            new Amount(hour.plus(Duration.ofHours(1)), Channel.EMAIL, Type.DELIVERED, 1),
            new Amount(hour.plus(Duration.ofHours(2)), Channel.EMAIL, Type.OPENED, 1)),
        day.amounts());
    assertEquals(0.5, day.share(Channel.EMAIL, Type.OPENED));
  }

  @Test
  public void whatAProgramOpensOrClicksIsKeptAndNeitherCountedNorSeen() {
    Delivery sent = sent("m-1");
    store.record(byMachine(sent, Type.OPENED, NOW));
    store.record(byMachine(sent, Type.CLICKED, NOW.plusSeconds(1)));

    NotificationRecord scanned = store.find(sent.notificationId()).orElseThrow();
    assertEquals(2, scanned.events().size());
    assertTrue(scanned.events().stream().allMatch(DeliveryEvent::isByMachine));
    assertFalse(scanned.wasSeen());

    store.record(DeliveryEvent.of(sent, Type.CLICKED, NOW.plusSeconds(2)));

    Statistics now = store.statistics(NOW, NOW.plusSeconds(3));
    assertEquals(0, now.count(Type.OPENED));
    assertEquals(1, now.count(Type.CLICKED));
    assertTrue(store.find(sent.notificationId()).orElseThrow().wasSeen());
  }

  private static DeliveryEvent byMachine(Delivery delivery, Type type, Instant at) {
    return DeliveryEvent.of(
        delivery, type, at, Optional.of(new Reason(Reason.MACHINE, "fetched ahead")));
  }

  @Test
  public void whatIsSuppressedAtOnceIsCounted() {
    Submission submission = samples.due(NOW);
    store.accept(
        SampleSubmissions.with(
            submission, delivery -> delivery.ended(DeliveryStatus.SUPPRESSED, WHY, NOW)));

    assertEquals(1, store.statistics(NOW, NOW.plusSeconds(1)).count(Type.SUPPRESSED));
  }

  @Test
  public void aDeliveryInDoubtThatWasDeliveredCountsAsSent() {
    store.accept(samples.due(NOW));
    Delivery doubtful = claimOne(NOW).unconfirmed("smtp", NOW.plusSeconds(60), WHY, NOW);
    store.update(doubtful, List.of());

    store.record(DeliveryEvent.of(doubtful, Type.DELIVERED, NOW));

    Statistics now = store.statistics(NOW, NOW.plusSeconds(1));
    assertEquals(1, now.count(Type.SENT));
    assertEquals(1, now.count(Type.DELIVERED));
    assertEquals(0, now.count(Type.UNCONFIRMED));
  }

  @Test
  public void hoursThatTouchTheTimeAskedForAreTold() {
    Instant hour = Statistics.hourOf(NOW);
    sent("m-1");

    Instant within = hour.plusSeconds(1);
    assertEquals(1, store.statistics(within, within.plusSeconds(1)).count(Type.SENT));
    assertEquals(1, store.statistics(hour.minusSeconds(1), within).count(Type.SENT));
    assertEquals(0, store.statistics(hour.minus(Duration.ofHours(1)), hour).count(Type.SENT));
    Instant next = hour.plus(Duration.ofHours(1));
    assertEquals(0, store.statistics(next, next.plusSeconds(1)).count(Type.SENT));
  }

  @Test
  public void whatManyDoAtATimeIsCountedToTheLastOne() throws Exception {
    for (int i = 0; i < 200; i++) {
      store.accept(samples.due(NOW));
    }
    List<Delivery> held = claim(200, NOW).held().stream().map(Held::delivery).toList();
    AtomicInteger next = new AtomicInteger();

    Patience.together(
        20,
        () -> {
          for (int i = 0; i < 10; i++) {
            Delivery sent = held.get(next.getAndIncrement()).sent("smtp", "m", NOW);
            assertTrue(store.update(sent, List.of()).isPresent());
            store.record(DeliveryEvent.of(sent, Type.CLICKED, NOW));
          }
          return true;
        });

    Statistics now = store.statistics(NOW, NOW.plusSeconds(1));
    assertEquals(200, now.count(Type.SENT));
    assertEquals(200, now.count(Type.CLICKED));
    assertEquals(1.0, now.share(Type.SENT));
  }

  @Test
  public void everyValueSurvives() {
    Notification rich =
        SampleSubmissions.notification()
            .title("Ünïcode 🎉")
            .category("orders")
            .priority(Priority.HIGH)
            .about("order", "1017")
            .actor("john")
            .metadata("trace", "a-b-c")
            .at(NOW.plusSeconds(60))
            .expiresIn(Duration.ofHours(1))
            .build();
    Notification template =
        Notification.to(
                Recipient.builder("jane")
                    .address(ADDRESS.named("Jané"))
                    .attribute("vip", true)
                    .build())
            .template(
                "order", Map.of("n", 1017L, "price", 9.5, "list", List.of("a", Map.of("b", true))))
            .routing(Routing.escalate(Channel.EMAIL).then(Channel.SMS, Duration.ofMinutes(30)))
            .build();
    for (Notification notification : List.of(rich, template)) {
      Submission submission = samples.of(notification, NOW);
      store.accept(submission);

      Notification kept = record(submission).notification();

      assertEquals(notification.fingerprint(), kept.fingerprint());
      assertEquals(notification.recipient(), kept.recipient());
      assertEquals(notification.template(), kept.template());
      assertEquals(notification.metadata(), kept.metadata());
    }
  }

  // Words of the tests

  private Claim claim(int room, Instant now) {
    return store.claim(Map.of(LANE, room), now);
  }

  private Delivery claimOne(Instant now) {
    List<Held> held = claim(1, now).held();
    assertEquals(1, held.size());
    return held.get(0).delivery();
  }

  /** The one that waits. */
  private Delivery waitingOne() {
    return store.waiting(1).get(0);
  }

  private static Notification other() {
    return Notification.to("john").title("Hello").channels(Channel.EMAIL).build();
  }

  private Delivery sent(String messageId) {
    store.accept(samples.due(NOW));
    Delivery sent = claimOne(NOW).sent("smtp", messageId, NOW);
    assertTrue(store.update(sent, List.of()).isPresent());
    return sent;
  }

  private NotificationRecord record(Submission submission) {
    return store.find(submission.id()).orElseThrow();
  }

  private static Delivery delivery(Submission submission) {
    return submission.deliveries().get(0);
  }

  private static Attempt attempt(Outcome outcome) {
    return new Attempt("smtp", NOW, Duration.ofMillis(12), outcome);
  }
}
