package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Health;
import dev.notify.model.Health.Breaker;
import dev.notify.model.Health.ChannelHealth;
import dev.notify.model.Health.ProviderHealth;
import dev.notify.model.Health.State;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a health endpoint tells. */
class HealthTest {

  private final Stage stage = new Stage();

  private static ProviderHealth mail(Health health) {
    return health.providers().stream()
        .filter(provider -> provider.channel().equals(EMAIL))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDispatcherAtRestIsUp() {
    try (var dispatcher = stage.builder().build()) {
      Health health = dispatcher.health();

      assertThat(health.state()).isEqualTo(State.UP);
      assertThat(health.reasons()).isEmpty();
      assertThat(health.channels()).extracting(each -> each.channel().name()).isSorted().hasSize(3);
      assertThat(health.channels()).allMatch(each -> each.queued() == 0 && each.room() == 4_000);
      assertThat(health.providers())
          .hasSize(3)
          .allMatch(each -> each.breaker() == Breaker.CLOSED && each.isUsable());
      assertThat(health.store().fault()).isEmpty();
    }
  }

  @Test
  void aCallUnderWayIsSeen() {
    AtomicReference<NotificationDispatcher> running = new AtomicReference<>();
    AtomicReference<Health> meanwhile = new AtomicReference<>();
    stage.email.nextDoes(
        message -> {
          meanwhile.set(running.get().health());
          return Outcome.accepted("m-1");
        });
    try (var dispatcher = stage.builder().build()) {
      running.set(dispatcher);
      dispatcher.send(hello().build());

      assertThat(mail(meanwhile.get()).inFlight()).isEqualTo(1);
      assertThat(meanwhile.get().channels())
          .filteredOn(each -> each.channel().equals(EMAIL))
          .extracting(ChannelHealth::inFlight)
          .containsExactly(1);
    }
  }

  @Test
  void aProviderThatAskedToBeLeftAloneIsToldUntilItHasRested() {
    stage.email.next(Outcome.throttled("429", Duration.ofMinutes(5)));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      Health health = dispatcher.health();

      assertThat(health.state()).isEqualTo(State.DEGRADED);
      assertThat(mail(health).resting()).isEqualTo(Duration.ofMinutes(5));
      assertThat(health.reasons())
          .contains("provider " + stage.email.name() + " rests for 300 s")
          .contains("channel email has no provider that can be called");
      stage.pass(Duration.ofMinutes(6));
      assertThat(dispatcher.health().state()).isEqualTo(State.UP);
    }
  }

  @Test
  void anOpenBreakerIsTold() {
    stage.email.always(Outcome.misconfigured("wrong password"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      assertThat(mail(dispatcher.health()).breaker()).isEqualTo(Breaker.OPEN);
      assertThat(dispatcher.health().state()).isEqualTo(State.DEGRADED);
    }
  }

  @Test
  void withoutAnyProviderThatCanBeCalledItIsDown() {
    stage.email.always(Outcome.misconfigured("wrong password"));
    try (var dispatcher = stage.bare().provider(stage.email).build()) {
      dispatcher.send(hello().build());

      assertThat(dispatcher.health().state()).isEqualTo(State.DOWN);
      assertThat(dispatcher.health().reasons())
          .contains("no provider of any channel can be called");
    }
  }

  @Test
  void aClosedDispatcherIsDown() {
    var dispatcher = stage.builder().build();
    dispatcher.close();

    assertThat(dispatcher.health().state()).isEqualTo(State.DOWN);
    assertThat(dispatcher.health().reasons()).containsExactly("store: the dispatcher is closed");
  }
}
