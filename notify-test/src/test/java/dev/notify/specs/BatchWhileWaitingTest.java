package dev.notify.specs;

import static dev.notify.model.DeliveryStatus.EXPIRED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.DispatcherBuilder;
import dev.notify.SendReceipt;
import dev.notify.model.Decision;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Quota;
import dev.notify.model.Reason;
import dev.notify.spi.PolicyRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens to messages while they wait for a call to share. */
class BatchWhileWaitingTest {

  private final Stage stage = new Stage();
  private final Crowd crowd = new Crowd();
  private final List<SendReceipt> receipts = new ArrayList<>();

  private DispatcherBuilder oneCallAtATime() {
    return stage
        .bare()
        .executor(Runnable::run)
        .inFlight(1)
        .attemptTimeout(Duration.ofHours(1))
        .provider(crowd);
  }

  @Test
  void whatIsOfNoUseAnyMoreAfterTheWaitIsNotSent() {
    try (var dispatcher = oneCallAtATime().build()) {
      crowd.during.add(
          () -> {
            for (int i = 0; i < 2; i++) {
              receipts.add(dispatcher.send(hello().expiresIn(Duration.ofMinutes(1)).build()));
            }
            stage.pass(Duration.ofMinutes(2));
          });
      dispatcher.send(hello().build());

      assertThat(crowd.sizes()).containsExactly(1);
      receipts.forEach(receipt -> assertThat(dispatcher, receipt).is(EXPIRED));
    }
  }

  @Test
  void whatIsNotWantedAnyMoreAfterTheWaitIsNotSent() {
    AtomicBoolean optedOut = new AtomicBoolean();
    try (var dispatcher =
        oneCallAtATime()
            .policy(
                request ->
                    request.stage() == PolicyRequest.Stage.DELIVERY && optedOut.get()
                        ? Decision.suppress(new Reason("OPTED_OUT", "meanwhile"))
                        : Decision.ALLOW)
            .build()) {
      crowd.during.add(
          () -> {
            for (int i = 0; i < 2; i++) {
              receipts.add(dispatcher.send(hello().build()));
            }
            optedOut.set(true);
            stage.pass(Duration.ofMinutes(2));
          });
      dispatcher.send(hello().build());

      receipts.forEach(receipt -> assertThat(dispatcher, receipt).is(SUPPRESSED));
    }
  }

  @Test
  void aKeyThatCannotBeHadLetsTheMessageGoByItself() {
    crowd.key =
        message -> {
          throw new IllegalStateException("no key");
        };
    try (var dispatcher = oneCallAtATime().build()) {
      receipts.add(dispatcher.send(hello().build()));

      assertThat(dispatcher, receipts.get(0)).is(SENT).afterCalls(1);
    }
  }

  @Test
  void whoIsTurnedAwayByAHalfOpenBreakerUsesUpNoQuota() {
    crowd.limit = 5;
    crowd.answers = messages -> Crowd.all(messages, Outcome.retryable("down"));
    try (var dispatcher =
        oneCallAtATime()
            .inFlight(3)
            .circuitBreaker(1, Duration.ofMinutes(1))
            .dailyQuota("crowd", Quota.perDay(10))
            .build()) {
      receipts.add(dispatcher.send(hello().build()));
      stage.pass(Duration.ofMinutes(1));
      crowd.answers = Crowd::accepted;
      crowd.during.add(() -> receipts.add(dispatcher.send(hello().build())));
      crowd.during.add(
          () -> IntStream.range(0, 5).forEach(i -> receipts.add(dispatcher.send(hello().build()))));
      receipts.add(dispatcher.send(hello().build()));
      stage.pass(Duration.ofMinutes(5));

      assertThat(receipts).hasSize(8);
      receipts.forEach(receipt -> assertThat(dispatcher, receipt).is(SENT));
    }
  }

  @Test
  void anUrgentMessageDoesNotQueueBehindManyKinds() {
    crowd.key = message -> Optional.of(message.reference());
    try (var dispatcher = oneCallAtATime().build()) {
      crowd.during.add(
          () -> {
            for (int i = 0; i < 20; i++) {
              dispatcher.send(hello().priority(Priority.LOW).build());
            }
            dispatcher.send(hello().title("now").priority(Priority.CRITICAL).build());
          });
      dispatcher.send(hello().build());

      assertThat(crowd.calls.get(1).get(0).priority()).isEqualTo(Priority.CRITICAL);
    }
  }
}
