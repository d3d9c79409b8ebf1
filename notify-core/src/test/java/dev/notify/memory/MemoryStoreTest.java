package dev.notify.memory;

import static dev.notify.memory.Sample.EMAIL;
import static dev.notify.memory.Sample.NOW;
import static dev.notify.memory.Sample.SMS;
import static dev.notify.memory.Sample.URGENT;
import static dev.notify.memory.Sample.claimOne;
import static dev.notify.memory.Sample.ids;
import static dev.notify.memory.Sample.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.notify.model.Attempt;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.Subject;
import dev.notify.spi.NotificationStore.Cancellation;
import dev.notify.spi.NotificationStore.Claim;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Everything in the heap: complete, in order, bounded. */
class MemoryStoreTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final Sample sample = new Sample();
  private final MemoryStore store = MemoryStore.create();

  @Test
  void aLaneGivesOutWhatIsDueInTheOrderItBecameDue() {
    Submission later = accept(sample.in(SMS, Duration.ofSeconds(10)));
    Submission sooner = accept(sample.in(SMS, Duration.ofSeconds(5)));
    Submission notYet = accept(sample.in(SMS, Duration.ofSeconds(60)));
    Submission atOnce = accept(sample.due(SMS));

    Claim claim = store.claim(Map.of(SMS, 10), NOW.plusSeconds(10));

    assertThat(ids(claim.held()))
        .containsExactly(only(atOnce).id(), only(sooner).id(), only(later).id());
    assertThat(claim.nextDue()).contains(only(notYet).due());
  }

  @Test
  void whatWaitedForItsTimeGoesBeforeWhatCameAfterThatTime() {
    Submission waited = accept(sample.in(SMS, Duration.ofSeconds(5)));
    Submission cameAfter =
        accept(
            sample.of(
                NOW.plusSeconds(8),
                Sample.notification().build(),
                DeliveryStatus.PENDING,
                NOW.plusSeconds(8),
                SMS));

    Claim claim = store.claim(Map.of(SMS, 10), NOW.plusSeconds(9));

    assertThat(ids(claim.held())).containsExactly(only(waited).id(), only(cameAfter).id());
  }

  @Test
  void aDeliveryIsFoundByItsIdWithoutGoingThroughAll() {
    List<Submission> all = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      all.add(accept(sample.due(SMS)));
    }

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (Submission one : all) {
            assertThat(store.find(only(one).id())).contains(only(one));
          }
        });
  }

  @Test
  void aDeliveryIsFoundByItsIdForAsLongAsItsNotificationIsRemembered() {
    MemoryStore small = MemoryStore.builder().history(1).build();
    Submission first = sample.due(SMS);
    Submission second = sample.due(SMS);
    small.accept(first);
    small.accept(second);

    small.update(claimOne(small, SMS, NOW).sent("sms", "m-1", NOW), List.of());
    assertThat(small.find(only(first).id())).isPresent();
    small.update(claimOne(small, SMS, NOW).sent("sms", "m-2", NOW), List.of());

    assertThat(small.find(only(first).id())).isEmpty();
    assertThat(small.find(only(second).id())).isPresent();
  }

  @Test
  void aClaimTakesNoMoreThanThereIsRoomForInEachLane() {
    accept(sample.due(SMS));
    Submission second = accept(sample.due(SMS));
    Submission urgent = accept(sample.due(URGENT));
    accept(sample.due(EMAIL));

    Claim first = store.claim(Map.of(SMS, 1, URGENT, 5, EMAIL, 0), NOW);
    Claim next = store.claim(Map.of(SMS, 5, URGENT, 5), NOW);

    assertThat(ids(first.held())).hasSize(2).contains(only(urgent).id());
    assertThat(ids(next.held())).containsExactly(only(second).id());
    assertThat(next.nextDue()).isEmpty();
  }

  @Test
  void nothingIsGivenOutTwice() {
    accept(sample.due(SMS));

    store.claim(Map.of(SMS, 1), NOW);

    assertThat(store.claim(Map.of(SMS, 1), NOW.plus(DAY)).held()).isEmpty();
  }

  @Test
  void aChangeUnderAnOldLeaseIsRefused() {
    accept(sample.due(SMS));
    Delivery first = claimOne(store, SMS, NOW);
    assertThat(store.update(retry(first), List.of()).isPresent()).isTrue();
    Delivery second = claimOne(store, SMS, NOW.plusSeconds(60));

    boolean late = store.update(first.sent("twilio", "SM1", NOW), List.of()).isPresent();

    assertThat(late).isFalse();
    assertThat(second.lease()).isGreaterThan(first.lease());
    assertThat(store.update(second.sent("twilio", "SM2", NOW), List.of()).isPresent()).isTrue();
    assertThat(store.update(second.sent("twilio", "SM3", NOW), List.of()).isPresent()).isFalse();
    assertThat(record(first).deliveries().get(0).providerMessageId()).contains("SM2");
  }

  @Test
  void attemptsAreKeptInOrderTheLatestHundred() {
    Submission submission = accept(sample.due(SMS));
    for (int i = 0; i < 105; i++) {
      Delivery held = claimOne(store, SMS, NOW.plus(DAY.multipliedBy(i)));
      store.update(
          held.postponed(
              DeliveryStatus.PENDING,
              NOW.plus(DAY.multipliedBy(i + 1)),
              Reason.of(Reason.RETRY),
              held.updatedAt()),
          List.of(new Attempt("p" + i, NOW, Duration.ZERO, Outcome.throttled("busy"))));
    }

    List<Attempt> attempts = record(only(submission)).attempts(only(submission).id());

    assertThat(attempts).hasSize(100);
    assertThat(attempts.get(0).provider()).isEqualTo("p5");
    assertThat(attempts.get(99).provider()).isEqualTo("p104");
  }

  @Test
  void whatNobodyHoldsCanBeCancelledAndWhatSomebodyHoldsCannot() {
    Submission waiting = accept(sample.in(SMS, DAY));
    Submission ready = accept(sample.due(SMS));
    Submission held = accept(sample.due(URGENT));
    claimOne(store, URGENT, NOW);

    assertThat(cancel(waiting).map(Delivery::status)).contains(DeliveryStatus.CANCELLED);
    assertThat(cancel(ready).map(Delivery::status)).contains(DeliveryStatus.CANCELLED);
    assertThat(cancel(held).map(Delivery::status)).contains(DeliveryStatus.SENDING);
    assertThat(cancel(sample.due(SMS))).isEmpty();
    assertThat(store.claim(Map.of(SMS, 9), NOW.plus(DAY)).held()).isEmpty();
    assertThat(store.waiting(9)).isEmpty();
  }

  @Test
  void whatWasWokenCanStillBeCancelled() {
    Submission first = accept(sample.in(SMS, Duration.ofSeconds(5)));
    store.claim(Map.of(), NOW.plusSeconds(5));

    assertThat(store.waiting(9)).hasSize(1);
    assertThat(cancel(first).map(Delivery::status)).contains(DeliveryStatus.CANCELLED);
    assertThat(store.waiting(9)).isEmpty();
  }

  @Test
  void aFullStoreRefusesAndKeepsNothingOfIt() {
    MemoryStore small = MemoryStore.builder().capacity(2).build();
    small.accept(sample.due(SMS));
    small.accept(sample.due(SMS));
    Submission third = Sample.withKey(sample.due(SMS), "key", DAY);

    assertThatThrownBy(() -> small.accept(third))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.why()).isEqualTo(RefusedException.Why.QUEUE_FULL))
        .hasMessageContaining("holds 2");
    assertThat(small.find(third.id())).isEmpty();
    assertThat(small.findKey("key", NOW)).isEmpty();

    small.update(claimOne(small, SMS, NOW).sent("twilio", "SM1", NOW), List.of());
    assertThat(small.accept(third)).isEmpty();
  }

  @Test
  void aFullStoreStillKnowsTheKeysItHasSeen() {
    MemoryStore small = MemoryStore.builder().capacity(1).build();
    Submission first = Sample.withKey(sample.due(SMS), "key", DAY);
    small.accept(first);

    assertThat(small.accept(Sample.withKey(sample.due(SMS), "key", DAY)))
        .hasValueSatisfying(use -> assertThat(use.id()).isEqualTo(first.id()));
  }

  @Test
  void aNotificationLargerThanTheStoreIsLetInWhenItIsEmpty() {
    MemoryStore small = MemoryStore.builder().capacity(1).build();
    Submission large =
        sample.of(NOW, Sample.notification().build(), DeliveryStatus.PENDING, NOW, SMS, EMAIL);

    assertThat(small.accept(large)).isEmpty();
    assertThatThrownBy(() -> small.accept(sample.due(SMS))).isInstanceOf(RefusedException.class);
  }

  @Test
  void whoWaitsForRoomGetsItWhenADeliveryEnds() throws Exception {
    MemoryStore small =
        MemoryStore.builder().capacity(1).waitForRoom(Duration.ofMinutes(1)).build();
    Submission first = sample.due(SMS);
    Submission second = sample.due(SMS);
    small.accept(first);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Boolean> accepted =
        CompletableFuture.supplyAsync(
            () -> {
              begun.countDown();
              return small.accept(second).isEmpty();
            });
    begun.await();
    assertThat(accepted).isNotDone();

    small.update(claimOne(small, SMS, NOW).sent("twilio", "SM1", NOW), List.of());

    assertThat(accepted.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(small.find(second.id())).isPresent();
  }

  @Test
  void limitsThatMakeNoSenseAreRefusedByName() {
    assertThatThrownBy(() -> MemoryStore.builder().capacity(0))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("capacity");
    assertThatThrownBy(() -> MemoryStore.builder().history(-1))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("history");
    assertThatThrownBy(() -> MemoryStore.builder().waitForRoom(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("waitForRoom");
    assertThatThrownBy(() -> MemoryStore.builder().waitForRoom(Duration.ofSeconds(-1)))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void openDeliveriesOfASubjectAreFoundUntilTheyEnd() {
    Submission about =
        accept(
            sample.of(
                NOW,
                Sample.notification().about("order", "1017").build(),
                DeliveryStatus.PENDING,
                NOW,
                SMS,
                EMAIL));
    Subject order = new Subject("order", "1017");

    assertThat(store.openAbout(order)).hasSize(2);
    store.update(claimOne(store, SMS, NOW).sent("twilio", "SM1", NOW), List.of());
    assertThat(store.openAbout(order))
        .extracting(Delivery::id)
        .containsExactly(about.deliveries().get(1).id());
    store.update(claimOne(store, EMAIL, NOW).sent("smtp", "1@x", NOW), List.of());
    assertThat(store.openAbout(order)).isEmpty();
    assertThat(store.openAbout(new Subject("order", "1018"))).isEmpty();
  }

  @Test
  void aDeadLetterIsTakenByOneAndTheNewestComeFirst() {
    Delivery older = die(accept(sample.due(SMS)));
    Delivery newer = die(accept(sample.due(SMS)));

    assertThat(store.deadLetters(9))
        .extracting(Delivery::id)
        .containsExactly(newer.id(), older.id());
    assertThat(store.deadLetters(1)).extracting(Delivery::id).containsExactly(newer.id());
    assertThat(store.takeDeadLetter(older.id())).isPresent();
    assertThat(store.takeDeadLetter(older.id())).isEmpty();
    assertThat(store.deadLetters(9)).hasSize(1);
  }

  @Test
  void aDeadLetterKeepsItsNotificationBeyondTheHistory() {
    MemoryStore small = MemoryStore.builder().history(2).build();
    Submission lost = sample.due(SMS);
    small.accept(lost);
    small.update(
        claimOne(small, SMS, NOW).ended(DeliveryStatus.DEAD, Reason.of(Reason.REJECTED), NOW),
        List.of());
    List<NotificationId> sent = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sent.add(sendOne(small, "SM" + i));
    }

    assertThat(small.find(lost.id())).isPresent();
    assertThat(small.find(sent.get(0))).isEmpty();
    assertThat(small.find(sent.get(4))).isPresent();
    assertThat(small.takeDeadLetter(only(lost).id())).isPresent();
    assertThat(small.find(lost.id())).isEmpty();
  }

  @Test
  void theOldestDeadLettersMakeRoomForNewOnes() {
    MemoryStore small = MemoryStore.builder().history(2).build();
    List<Submission> lost = List.of(sample.due(SMS), sample.due(SMS), sample.due(SMS));
    for (Submission submission : lost) {
      small.accept(submission);
      small.update(
          claimOne(small, SMS, NOW).ended(DeliveryStatus.DEAD, Reason.of(Reason.REJECTED), NOW),
          List.of());
    }

    assertThat(small.deadLetters(9))
        .extracting(Delivery::notificationId)
        .containsExactly(lost.get(2).id(), lost.get(1).id());
    assertThat(small.find(lost.get(0).id())).isEmpty();
  }

  @Test
  void anIdThatAVendorUsesAgainBelongsToTheNewerMessage() {
    MemoryStore small = MemoryStore.builder().history(2).build();
    sendOne(small, "queue-7");
    NotificationId newer = sendOne(small, "queue-7");
    sendOne(small, "queue-8");

    assertThat(small.findByProviderMessage("twilio", "queue-7").map(Delivery::notificationId))
        .contains(newer);
  }

  @Test
  void anUnsubscribeIsNotLostBehindManyOpens() {
    sendOne(store, "SM1");
    Delivery sent = store.findByProviderMessage("twilio", "SM1").orElseThrow();
    for (int i = 0; i < 1_000; i++) {
      store.record(Sample.event(sent, Type.OPENED, NOW.plusSeconds(i)));
    }

    assertThat(store.record(Sample.event(sent, Type.UNSUBSCRIBED, NOW))).isPresent();
    assertThat(store.record(Sample.event(sent, Type.DELIVERED, NOW)).map(Delivery::status))
        .contains(DeliveryStatus.DELIVERED);
    assertThat(record(sent).events()).hasSizeLessThan(300);
  }

  @Test
  void memoryDoesNotGrowWithWhatIsOver() {
    MemoryStore small = MemoryStore.builder().capacity(10).history(100).build();
    NotificationId first = sendOne(small, "SM-first");
    for (int i = 0; i < 100_000; i++) {
      sendOne(small, "SM" + i);
    }

    assertThat(small.find(first)).isEmpty();
    assertThat(small.findByProviderMessage("twilio", "SM-first")).isEmpty();
    assertThat(small.findByProviderMessage("twilio", "SM99899")).isEmpty();
    assertThat(small.findByProviderMessage("twilio", "SM99900")).isPresent();
    assertThat(small.findByProviderMessage("twilio", "SM99999")).isPresent();
    assertThat(small.waiting(1)).isEmpty();
    assertThat(small.accept(sample.due(SMS))).as("there is room").isEmpty();
  }

  private Submission accept(Submission submission) {
    assertThat(store.accept(submission)).isEmpty();
    return submission;
  }

  private Optional<Delivery> cancel(Submission submission) {
    return store
        .cancel(only(submission), DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), NOW)
        .map(Cancellation::delivery);
  }

  private Delivery die(Submission submission) {
    Delivery dead =
        claimOne(store, SMS, NOW).ended(DeliveryStatus.DEAD, Reason.of(Reason.REJECTED), NOW);
    assertThat(dead.id()).isEqualTo(only(submission).id());
    store.update(dead, List.of());
    return dead;
  }

  private NotificationId sendOne(MemoryStore into, String messageId) {
    Submission submission = sample.due(SMS);
    into.accept(submission);
    into.update(claimOne(into, SMS, NOW).sent("twilio", messageId, NOW), List.of());
    return submission.id();
  }

  private NotificationRecord record(Delivery delivery) {
    return store.find(delivery.notificationId()).orElseThrow();
  }

  private static Delivery retry(Delivery held) {
    return held.postponed(
        DeliveryStatus.PENDING, NOW.plusSeconds(60), Reason.of(Reason.RETRY), NOW);
  }
}
