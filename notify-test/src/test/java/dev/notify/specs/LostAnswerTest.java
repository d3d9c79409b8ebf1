package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.DeliveryStatus.DEAD;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.UNCONFIRMED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.routing.RetryPolicy;
import dev.notify.test.RecordingProvider;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The request left and no answer came: neither sent nor failed. */
class LostAnswerTest {

  private final Stage stage = new Stage();

  @Test
  void itIsHeldAndShownAndNeverSentTwice() {
    stage.email.next(Outcome.unknown("connection lost"));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());
      assertThat(dispatcher, receipt).is(UNCONFIRMED).because(Reason.HELD);
      assertThat(receipt.outcome()).isDone();

      stage.pass(Duration.ofHours(2));

      assertThat(dispatcher, receipt).is(DEAD).because(Reason.UNCONFIRMED).afterCalls(1);
      assertThat(dispatcher.deadLetters(10)).hasSize(1);
    }
  }

  @Test
  void aProviderWithIdempotencyKeysIsAskedAgain() {
    stage.email.idempotent().next(Outcome.unknown("connection lost"));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());
      assertThat(dispatcher, receipt).is(UNCONFIRMED).because(Reason.UNCONFIRMED);

      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher, receipt).is(SENT).afterCalls(2);
      assertThat(stage.email.messages().get(1).reference())
          .isEqualTo(stage.email.messages().get(0).reference());
    }
  }

  @Test
  void whileAskingAgainComesToNothingNoOtherProviderSendsIt() {
    RecordingProvider backup = RecordingProvider.of(EMAIL, "backup");
    stage
        .email
        .idempotent()
        .next(Outcome.unknown("connection lost"))
        .next(Outcome.retryable("down"))
        .next(Outcome.throttled("busy"))
        .next(Outcome.misconfigured("key revoked"));
    try (var dispatcher = stage.bare().provider(stage.email).provider(backup).build()) {
      var receipt = dispatcher.send(hello().build());

      stage.pass(Duration.ofHours(1));

      assertThat(dispatcher, receipt).is(SENT);
      assertThat(Stage.only(dispatcher, receipt).provider()).contains("email");
      assertThat(backup.calls()).isZero();
    }
  }

  @Test
  void aProviderThatCanLookUpTellsWhatBecameOfIt() {
    stage
        .email
        .lookingUp(message -> Optional.of(Outcome.accepted("found")))
        .next(Outcome.unknown("connection lost"));
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().build());

      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher, receipt).is(SENT).afterCalls(1);
      assertThat(Stage.only(dispatcher, receipt).providerMessageId()).contains("found");
    }
  }

  @Test
  void aLookUpThatNeverAnswersEndsAsHeld() {
    stage.email.lookingUp(message -> Optional.empty()).next(Outcome.unknown("connection lost"));
    try (var dispatcher = stage.builder().retry(RetryPolicy.DEFAULT.withMaxAttempts(3)).build()) {
      var receipt = dispatcher.send(hello().build());

      stage.pass(Duration.ofMinutes(30));
      assertThat(dispatcher, receipt).is(UNCONFIRMED).because(Reason.HELD).afterCalls(1);

      stage.pass(Duration.ofHours(2));
      assertThat(dispatcher, receipt).is(DEAD).because(Reason.UNCONFIRMED);
    }
  }

  @Test
  void whoWouldRatherSendTwiceThanLoseCanSaySo() {
    stage.email.next(Outcome.unknown("connection lost"));
    try (var dispatcher =
        stage.builder().retry(RetryPolicy.DEFAULT.onUnknown(RetryPolicy.Unknown.RETRY)).build()) {
      var receipt = dispatcher.send(hello().build());
      stage.pass(Duration.ofMinutes(1));

      assertThat(dispatcher, receipt).is(SENT).afterCalls(2);
    }
  }
}
