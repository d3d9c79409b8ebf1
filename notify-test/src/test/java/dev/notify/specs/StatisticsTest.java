package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Statistics;
import dev.notify.model.Statistics.Amount;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What happened how often, by the hour. */
class StatisticsTest {

  private static final Instant START = Instant.parse(Stage.START);

  private final Stage stage = new Stage();

  @Test
  void aDayIsToldByHourChannelAndType() {
    stage.email.next(Outcome.rejected("spam"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      stage.pass(Duration.ofHours(1));
      dispatcher.send(hello().channels(EMAIL, SMS).build());
      var off = dispatcher.schedule(hello().build(), START.plus(Duration.ofDays(3)));
      dispatcher.cancel(off.id());

      Statistics day = dispatcher.statistics(START, START.plus(Duration.ofDays(1)));

      Instant next = START.plus(Duration.ofHours(1));
      assertThat(day.amounts())
          .containsExactly(
              new Amount(START, EMAIL, Type.DEAD, 1),
              new Amount(next, EMAIL, Type.SENT, 1),
              new Amount(next, EMAIL, Type.CANCELLED, 1),
              new Amount(next, SMS, Type.SENT, 1));
      assertThat(day.count(Type.SENT)).isEqualTo(2);
      assertThat(day.count(EMAIL, Type.SENT)).isEqualTo(1);
      assertThat(day.share(Type.DEAD)).isEqualTo(0.25);
      assertThat(day.share(SMS, Type.SENT)).isEqualTo(1);
    }
  }

  @Test
  void whatProvidersTellIsAShareOfWhatWasSent() {
    try (var dispatcher = stage.builder().build()) {
      var first = only(dispatcher, dispatcher.send(hello().build()));
      dispatcher.send(hello().build());
      for (Type type : new Type[] {Type.DELIVERED, Type.OPENED, Type.OPENED}) {
        dispatcher.track(
            new ProviderEvent(
                stage.email.name(),
                first.providerMessageId().orElseThrow(),
                type,
                stage.clock.instant(),
                ""));
      }

      Statistics now = dispatcher.statistics(START, START.plusSeconds(1));

      assertThat(now.share(Type.DELIVERED)).isEqualTo(0.5);
      assertThat(now.count(Type.OPENED)).as("the same event twice is one").isEqualTo(1);
      assertThat(now.share(Type.BOUNCED)).isZero();
    }
  }

  @Test
  void countsOutliveForgettingAPerson() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      dispatcher.forget("jane");

      assertThat(dispatcher.statistics(START, START.plusSeconds(1)).count(Type.SENT)).isEqualTo(1);
    }
  }

  @Test
  void whatIsOpenIsNotCountedYetAndNothingIsNoMistake() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.schedule(hello().build(), START.plus(Duration.ofDays(1)));

      Statistics now = dispatcher.statistics(START, START.plusSeconds(1));

      assertThat(now.amounts()).isEmpty();
      assertThat(now.from()).isEqualTo(START);
      assertThat(now.to()).isEqualTo(START.plus(Duration.ofHours(1)));
      assertThat(now.share(Type.SENT)).isZero();
    }
  }

  @Test
  void theMemoryStoreForgetsTheOldestHours() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      for (int hour = 0; hour < 31 * 24; hour++) {
        stage.pass(Duration.ofHours(1));
        dispatcher.send(hello().build());
      }

      Statistics all = dispatcher.statistics(START, START.plus(Duration.ofDays(40)));

      assertThat(all.count(Type.SENT)).isEqualTo(31 * 24);
      assertThat(all.amounts().get(0).hour()).isEqualTo(START.plus(Duration.ofHours(1)));
    }
  }

  @Test
  void noTimeAtAllIsRefused() {
    try (var dispatcher = stage.builder().build()) {
      assertThatThrownBy(() -> dispatcher.statistics(START, START))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not before");
    }
  }
}
