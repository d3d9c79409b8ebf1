package dev.notify.specs;

import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.SendReceipt;
import dev.notify.SendReceipt.Answer;
import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class IdempotencyTest {

  private final Stage stage = new Stage();
  private final Notification once = hello().idempotencyKey("order-1017").build();

  @Test
  void aRepeatedSendGetsTheFirstReceiptAndSendsNothing() {
    try (var dispatcher = stage.builder().build()) {
      SendReceipt first = dispatcher.send(once);
      SendReceipt second = dispatcher.send(once);

      assertThat(first.answer()).isEqualTo(Answer.NEW);
      assertThat(second.answer()).isEqualTo(Answer.REPLAYED);
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.decisions()).isEqualTo(first.decisions());
      assertThat(second.outcome().join().isSettled()).isTrue();
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void theSameKeyForSomethingElseIsRefused() {
    try (var dispatcher = stage.builder().build()) {
      SendReceipt first = dispatcher.send(once);
      Notification other = hello().body("Another body").idempotencyKey("order-1017").build();

      assertThatThrownBy(() -> dispatcher.send(other))
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> assertThat(e.why()).isEqualTo(RefusedException.Why.KEY_REUSED))
          .hasMessageContainingAll("idempotencyKey", first.id().toString());
      assertThat(stage.email.calls()).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatIsJustBeingAcceptedAnswersInProgress() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (var dispatcher =
        stage
            .builder()
            .recipients(
                id -> {
                  inside.countDown();
                  await(goOn);
                  return Optional.of(Stage.JANE);
                })
            .build()) {
      CompletableFuture<SendReceipt> first =
          CompletableFuture.supplyAsync(() -> dispatcher.send(once));
      await(inside);

      SendReceipt second = dispatcher.send(once);
      CompletableFuture<?> outcome = second.outcome();
      assertThatThrownBy(
              () -> dispatcher.send(hello().body("Other").idempotencyKey("order-1017").build()))
          .isInstanceOf(RefusedException.class);
      assertThat(outcome).isNotDone();
      goOn.countDown();

      assertThat(second.answer()).isEqualTo(Answer.IN_PROGRESS);
      assertThat(first.get(20, TimeUnit.SECONDS).answer()).isEqualTo(Answer.NEW);
      assertThat(second.id()).isEqualTo(first.get().id());
      assertThat(outcome).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theKeyIsFreeAgainAfterItsWindow() {
    try (var dispatcher = stage.builder().idempotencyWindow(Duration.ofHours(1)).build()) {
      dispatcher.send(once);
      stage.pass(Duration.ofMinutes(59));
      assertThat(dispatcher.send(once).answer()).isEqualTo(Answer.REPLAYED);

      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher.send(once).answer()).isEqualTo(Answer.NEW);
      assertThat(stage.email.calls()).isEqualTo(2);
    }
  }

  @Test
  void aSendThatWasRefusedLeavesItsKeyFree() {
    Notification toJoe =
        Notification.to("joe").body("Hi").channels(Channel.EMAIL).idempotencyKey("k").build();
    Recipient joe = Recipient.builder("joe").email("joe@example.com").build();
    boolean[] known = {false};
    try (var dispatcher =
        stage.builder().recipients(id -> known[0] ? Optional.of(joe) : Optional.empty()).build()) {
      assertThatThrownBy(() -> dispatcher.send(toJoe))
          .isInstanceOf(InvalidNotificationException.class);
      known[0] = true;

      assertThat(dispatcher.send(toJoe).answer()).isEqualTo(Answer.NEW);
    }
  }

  @RepeatedTest(20)
  void ofManyThreadsWithOneKeyOneSends() {
    try (var dispatcher = stage.builder().build()) {
      List<SendReceipt> receipts =
          IntStream.range(0, 200).parallel().mapToObj(i -> dispatcher.send(once)).toList();

      assertThat(receipts).filteredOn(r -> r.answer() == Answer.NEW).hasSize(1);
      assertThat(receipts).extracting(SendReceipt::id).containsOnly(receipts.get(0).id());
    }
    assertThat(stage.email.calls()).isEqualTo(1);
  }

  @Test
  void inBulkTheKeyCountsForEachPerson() {
    try (var dispatcher =
        stage
            .builder()
            .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
            .build()) {
      assertThat(dispatcher.sendAll(once, List.of("a", "b")).accepted()).isEqualTo(2);
      assertThat(dispatcher.sendAll(once, List.of("b", "c")))
          .satisfies(
              receipt -> {
                assertThat(receipt.accepted()).isEqualTo(1);
                assertThat(receipt.repeated()).isEqualTo(1);
              });
    }
  }
}
