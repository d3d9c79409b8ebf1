package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.CANCELLED;
import static dev.notify.model.DeliveryStatus.SCHEDULED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.CancelReceipt;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Decision;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.spi.PolicyRequest;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Cancelling, and what belongs to a subject: replace, cancel together, ask again. */
class CancellingTest {

  private final Stage stage = new Stage();

  private Notification.Builder tomorrow() {
    return hello().at(stage.clock.instant().plus(Duration.ofDays(1)));
  }

  @Test
  void whatIsNotSentYetIsCalledOff() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(tomorrow().channels(EMAIL, SMS).build());

      CancelReceipt cancelled = dispatcher.cancel(receipt.id());

      assertThat(cancelled.cancelled()).hasSize(2);
      assertThat(receipt.outcome()).isDone();
      stage.pass(Duration.ofDays(2));
      assertThat(dispatcher, receipt).is(CANCELLED).because(Reason.CANCELLED).afterCalls(0);
    }
  }

  @Test
  void whatIsSentIsTooLate() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());

      assertThat(dispatcher.cancel(receipt.id()).tooLate()).hasSize(1);
      assertThat(dispatcher.cancel(receipt.id()).cancelled()).isEmpty();
      assertThat(dispatcher, receipt).is(SENT);
    }
  }

  @Test
  void anUnknownNotificationHasNothingToCancel() {
    try (var dispatcher = stage.builder().build()) {
      CancelReceipt receipt =
          dispatcher.cancel(NotificationId.parse("01a1fd04-e875-70aa-b068-b3356b639602"));

      assertThat(receipt.cancelled()).isEmpty();
      assertThat(receipt.tooLate()).isEmpty();
      assertThat(receipt.inFlight()).isEmpty();
    }
  }

  @Test
  void whatIsInFlightIsNotTriedAgain() throws Exception {
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          inCall.countDown();
          await(answer);
          return Outcome.retryable("down");
        });
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      var receipt = dispatcher.send(hello().build());
      await(inCall);

      CancelReceipt cancelled = dispatcher.cancel(receipt.id());
      answer.countDown();

      assertThat(cancelled.inFlight()).hasSize(1);
      receipt.outcome().get(20, TimeUnit.SECONDS);
      assertThat(dispatcher, receipt).is(CANCELLED).afterCalls(1);
    }
  }

  @Test
  void whatWaitsForABusyProviderIsCalledOffAndLeavesNoTrace() throws Exception {
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    stage.email.alwaysDoes(
        message -> {
          inCall.countDown();
          await(answer);
          return Outcome.accepted("id");
        });
    CountDownLatch threeAreDecided = new CountDownLatch(3);
    var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .provider(RecordingProvider.of(EMAIL, "second"))
            .inFlight(1)
            .policy(
                request -> {
                  if (request.stage() == PolicyRequest.Stage.DELIVERY) {
                    threeAreDecided.countDown();
                  }
                  return Decision.ALLOW;
                })
            .recipients(id -> Optional.of(Stage.JANE))
            .build();
    dispatcher.send(hello().build());
    await(inCall);
    var waiting = dispatcher.send(hello().build());
    dispatcher.send(hello().build());
    // There are two workers: one is in the call, so the other has left the second where it waits.
    await(threeAreDecided);

    CancelReceipt cancelled = dispatcher.cancel(waiting.id());
    answer.countDown();

    assertThat(cancelled.tooLate()).isEmpty();
    waiting.outcome().get(20, TimeUnit.SECONDS);
    assertThat(dispatcher, waiting).is(CANCELLED).afterCalls(0);
    assertThat(dispatcher.close(Duration.ofSeconds(20))).as("nothing is left to wait for").isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @RepeatedTest(200)
  void cancelTellsTheTruthHoweverItRaces() throws Exception {
    try (var dispatcher =
        NotificationDispatcher.builder()
            .provider(stage.email)
            .recipients(id -> Optional.of(Stage.JANE))
            .build()) {
      SendReceipt receipt = dispatcher.send(hello().build());
      CancelReceipt cancelled =
          CompletableFuture.supplyAsync(() -> dispatcher.cancel(receipt.id()))
              .get(20, TimeUnit.SECONDS);
      receipt.outcome().get(20, TimeUnit.SECONDS);

      DeliveryStatus end = Stage.only(dispatcher, receipt).status();
      assertThat(end).isEqualTo(stage.email.calls() == 0 ? CANCELLED : SENT);
      if (cancelled.inFlight().isEmpty()) {
        assertThat(end).isEqualTo(cancelled.cancelled().isEmpty() ? SENT : CANCELLED);
      }
    }
  }

  @Test
  void allAboutASubjectIsCalledOffTogether() {
    try (var dispatcher = stage.builder().build()) {
      var first = dispatcher.send(tomorrow().about("order", "1017").build());
      var second = dispatcher.send(tomorrow().about("order", "1017").channels(SMS).build());
      var sent = dispatcher.send(hello().about("order", "1017").build());
      var other = dispatcher.send(tomorrow().about("order", "1018").build());

      CancelReceipt receipt = dispatcher.cancelAbout("order", "1017");

      assertThat(receipt.cancelled()).hasSize(2);
      assertThat(dispatcher, first).is(CANCELLED);
      assertThat(dispatcher, second).is(CANCELLED);
      assertThat(dispatcher, sent).is(SENT);
      assertThat(dispatcher, other).is(SCHEDULED);
    }
  }

  @Test
  void aNewerOneReplacesWhatIsPendingForTheSamePerson() {
    Recipient joe = Recipient.builder("joe").email("joe@example.com").build();
    try (var dispatcher =
        stage
            .builder()
            .recipients(id -> Optional.of(id.equals("joe") ? joe : Stage.JANE))
            .build()) {
      var older = dispatcher.send(tomorrow().about("order", "1").build());
      var joes =
          dispatcher.send(
              Notification.to("joe")
                  .body("Hi")
                  .channels(EMAIL)
                  .about("order", "1")
                  .at(stage.clock.instant().plus(Duration.ofDays(1)))
                  .build());

      var newer = dispatcher.send(tomorrow().about("order", "1").replacePending().build());

      assertThat(dispatcher, older).is(CANCELLED).because(Reason.REPLACED);
      assertThat(dispatcher, newer).is(SCHEDULED);
      assertThat(dispatcher, joes).is(SCHEDULED);
    }
  }

  @Test
  void ofSeveralThatReplaceEachOtherTheLastRemains() {
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.sendAll(
              IntStream.range(0, 5)
                  .mapToObj(
                      i -> tomorrow().body("v" + i).about("order", "1").replacePending().build()));
      assertThat(receipt.accepted()).isEqualTo(5);

      stage.pass(Duration.ofDays(2));

      assertThat(stage.email.messages())
          .extracting(sent -> sent.content().body().orElseThrow())
          .containsExactly("v4");
    }
  }

  /** Sends another one while the first is still being thought about, so that it is stored last. */
  private NotificationDispatcher overtaking(
      Notification another, AtomicReference<SendReceipt> sent) {
    AtomicReference<NotificationDispatcher> self = new AtomicReference<>();
    AtomicBoolean isUnderWay = new AtomicBoolean();
    self.set(
        stage
            .builder()
            .policy(
                request -> {
                  if (isUnderWay.compareAndSet(false, true)) {
                    sent.set(self.get().send(another));
                  }
                  return Decision.ALLOW;
                })
            .build());
    return self.get();
  }

  @Test
  void whatIsOvertakenByWhatReplacesItIsReplaced() {
    AtomicReference<SendReceipt> newer = new AtomicReference<>();
    try (var dispatcher =
        overtaking(tomorrow().about("order", "1").replacePending().build(), newer)) {
      var older = dispatcher.send(tomorrow().about("order", "1").replacePending().build());

      assertThat(dispatcher, older).is(CANCELLED).because(Reason.REPLACED);
      assertThat(dispatcher, newer.get()).is(SCHEDULED);
    }
  }

  @Test
  void whatIsOvertakenByWhatReplacesNothingStays() {
    AtomicReference<SendReceipt> newer = new AtomicReference<>();
    try (var dispatcher = overtaking(tomorrow().about("order", "1").build(), newer)) {
      var older = dispatcher.send(tomorrow().about("order", "1").replacePending().build());

      assertThat(dispatcher, older).is(SCHEDULED);
      assertThat(dispatcher, newer.get()).is(SCHEDULED);
    }
  }

  @Test
  void aConditionIsAskedAgainAtDelivery() {
    AtomicBoolean unpaid = new AtomicBoolean(true);
    try (var dispatcher =
        stage.builder().recheck("invoice", notification -> unpaid.get()).build()) {
      var reminder = dispatcher.send(tomorrow().about("invoice", "7").build());
      var kept = dispatcher.send(hello().about("invoice", "7").build());
      unpaid.set(false);

      stage.pass(Duration.ofDays(1));

      assertThat(dispatcher, reminder).is(SUPPRESSED).because(Reason.NO_LONGER_TRUE).afterCalls(0);
      assertThat(dispatcher, kept).is(SENT);
    }
  }
}
