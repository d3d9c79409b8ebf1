package dev.notify.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.console.SandboxBehaviour.Kind;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxTest {

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void takesEveryChannelAndReportsItAsDelivered() {
    NotificationRecord sent =
        bench.send(
            Notification.to(Bench.ana())
                .channels(Channel.EMAIL, Channel.SMS, Channel.PUSH)
                .title("Hello")
                .body("It works.")
                .build());

    assertThat(sent.deliveries())
        .extracting(delivery -> delivery.status())
        .containsOnly(DeliveryStatus.DELIVERED);
    assertThat(bench.sandbox.messages())
        .extracting(kept -> kept.message().address().channel())
        .containsExactlyInAnyOrder(Channel.EMAIL, Channel.SMS, Channel.PUSH);
  }

  @Test
  void takesChannelsOfTheApplicationsOwn() {
    bench.send(
        Notification.to(Address.of(Channel.of("chat"), "room-1")).body("In the room.").build());

    assertThat(bench.sandbox.messages())
        .singleElement()
        .satisfies(kept -> assertThat(kept.provider()).isEqualTo("sandbox-chat"));
  }

  @Test
  void aFailingChannelIsTriedAgainAndGivenUp() {
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.of(Kind.FAIL));

    NotificationRecord sent = bench.sendText(Channel.SMS, "Hello", "Lost.");

    assertThat(sent.deliveries())
        .singleElement()
        .satisfies(
            delivery -> {
              assertThat(delivery.status()).isEqualTo(DeliveryStatus.DEAD);
              assertThat(sent.attempts(delivery.id()))
                  .hasSize(3)
                  .allMatch(attempt -> attempt.outcome() instanceof Outcome.Retryable);
            });
    assertThat(bench.sandbox.messages()).isEmpty();
  }

  @Test
  void aRejectingChannelMakesADeadLetterAtOnceWhichCanBeReplayed() {
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.of(Kind.REJECT));
    bench.sendText(Channel.SMS, "Hello", "Again, please.");
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.DELIVERING);

    var dead = bench.dispatcher.deadLetters(10);
    bench.dispatcher.replay(dead.get(0).id()).outcome().join();

    assertThat(dead).singleElement().satisfies(each -> assertThat(each.attempts()).isEqualTo(1));
    assertThat(bench.sandbox.messages()).hasSize(1);
  }

  @Test
  void aBouncingChannelTakesTheMessageAndSuppressesTheAddress() {
    bench.sandbox.behave(Channel.EMAIL, SandboxBehaviour.of(Kind.BOUNCE));

    NotificationRecord first = bench.sendText(Channel.EMAIL, "Hello", "Comes back.");
    bench.sandbox.behave(Channel.EMAIL, SandboxBehaviour.DELIVERING);
    NotificationRecord second = bench.sendText(Channel.EMAIL, "Hello", "Not sent.");

    assertThat(first.deliveries().get(0).status()).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(bench.sandbox.messages()).hasSize(1);
    assertThat(second.deliveries())
        .allMatch(delivery -> delivery.status() == DeliveryStatus.SUPPRESSED);
  }

  @Test
  void aSlowChannelAnswersLater() {
    Duration delay = Duration.ofMillis(60);
    bench.sandbox.behave(Channel.PUSH, SandboxBehaviour.DELIVERING.delayed(delay));

    NotificationRecord sent = bench.sendText(Channel.PUSH, "Hello", "Slowly.");

    assertThat(sent.attempts(sent.deliveries().get(0).id()))
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.duration()).isGreaterThanOrEqualTo(delay));
  }

  @Test
  void keepsTheNewestMessagesOnly() {
    for (int i = 0; i < 510; i++) {
      bench.dispatcher.send(
          Notification.to(Address.of(Channel.of("chat"), "room-" + i)).body("Number " + i).build());
    }

    org.awaitility.Awaitility.await().until(() -> bench.sandbox.taken() == 510);
    assertThat(bench.sandbox.messages()).hasSize(500);
    assertThat(bench.sandbox.find(510)).isPresent();
    assertThat(bench.sandbox.find(1)).isEmpty();
  }

  @Test
  void refusesWhatItCannotDo() {
    assertThatThrownBy(() -> bench.sandbox.behave(Channel.of("fax"), SandboxBehaviour.DELIVERING))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("fax");
    assertThatThrownBy(() -> SandboxBehaviour.DELIVERING.delayed(Duration.ofMinutes(1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("delay");
  }

  @Test
  void showsNoAddressInItsWords() {
    bench.sendText(Channel.EMAIL, "Hello", "Secret.");

    assertThat(bench.sandbox + " " + bench.sandbox.messages()).doesNotContain("ana@", "Secret");
  }
}
