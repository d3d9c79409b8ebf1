package dev.notify.inapp;

import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In the inbox first, by mail if nobody read it there. */
class InboxEscalationTest {

  private final VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
  private final RecordingProvider email = RecordingProvider.of(Channel.EMAIL);
  private final InAppProvider inApp =
      InAppProvider.of(Inbox.builder(MemoryInboxes.of(10, 10)).clock(clock).build());

  private NotificationDispatcher dispatcher() {
    return clock
        .drive(NotificationDispatcher.builder())
        .provider(inApp)
        .provider(email)
        .recipients(
            id ->
                Optional.of(
                    Recipient.builder(id)
                        .address(Address.of(Channel.IN_APP, id))
                        .email("jane@example.com")
                        .build()))
        .build();
  }

  private static SendReceipt send(NotificationDispatcher dispatcher) {
    return dispatcher.send(
        Notification.to("jane")
            .body("Hello")
            .routing(Routing.escalate(Channel.IN_APP).then(Channel.EMAIL, Duration.ofHours(1)))
            .build());
  }

  @Test
  void whatIsReadInTheInboxIsNotMailed() {
    try (var dispatcher = dispatcher();
        var reports = inApp.reportTo(dispatcher::track)) {
      assertThat(reports).isNotNull();
      SendReceipt receipt = send(dispatcher);
      clock.advance(Duration.ofMinutes(59));

      inApp.inbox().markRead("jane", inApp.inbox().feed("jane", 1).get(0).id());

      assertThat(dispatcher, receipt)
          .on(Channel.EMAIL)
          .is(DeliveryStatus.SUPPRESSED)
          .because(Reason.NOT_NEEDED);
      clock.advance(Duration.ofDays(1));
      assertThat(email.calls()).isZero();
    }
  }

  @Test
  void whatIsPutAwayUnreadIsNotMailed() {
    try (var dispatcher = dispatcher();
        var reports = inApp.reportTo(dispatcher::track)) {
      assertThat(reports).isNotNull();
      SendReceipt receipt = send(dispatcher);

      inApp.inbox().moveToArchive("jane", inApp.inbox().feed("jane", 1).get(0).id());

      assertThat(dispatcher, receipt)
          .on(Channel.EMAIL)
          .is(DeliveryStatus.SUPPRESSED)
          .because(Reason.NOT_NEEDED);
    }
  }

  @Test
  void whatNobodyReadsIsMailedOnce() {
    try (var dispatcher = dispatcher();
        var reports = inApp.reportTo(dispatcher::track)) {
      assertThat(reports).isNotNull();
      SendReceipt receipt = send(dispatcher);
      clock.advance(Duration.ofHours(1));
      assertThat(dispatcher, receipt).on(Channel.EMAIL).is(DeliveryStatus.SENT);

      inApp.inbox().markRead("jane", inApp.inbox().feed("jane", 1).get(0).id());
      clock.advance(Duration.ofDays(1));
      assertThat(email.calls()).isEqualTo(1);
    }
  }
}
