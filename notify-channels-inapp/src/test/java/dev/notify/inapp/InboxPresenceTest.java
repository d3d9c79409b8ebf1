package dev.notify.inapp;

import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.spi.InboxStore;
import dev.notify.test.RecordingProvider;
import dev.notify.test.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** In the inbox first, by push only if it was not seen there. */
class InboxPresenceTest {

  private final VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
  private final RecordingProvider push = RecordingProvider.of(Channel.PUSH);
  private final InboxStore inboxes = MemoryInboxes.create();
  private final Inbox inbox = Inbox.builder(inboxes).clock(clock).build();

  private DispatcherBuilder builder(Inbox own, RecordingProvider pushes) {
    return clock
        .drive(NotificationDispatcher.builder())
        .provider(InAppProvider.of(own))
        .provider(pushes)
        .policy(InboxPresence.of(own))
        .recipients(
            id ->
                Optional.of(
                    Recipient.builder(id)
                        .address(Address.of(Channel.IN_APP, id))
                        .address(Address.of(Channel.PUSH, "token-" + id))
                        .build()));
  }

  private NotificationDispatcher dispatcher() {
    return builder(inbox, push).build();
  }

  private static Notification.Builder toBoth() {
    return Notification.to("jane").body("Hello").channels(Channel.PUSH, Channel.IN_APP);
  }

  private void comeOnline() {
    inboxes.present(List.of("jane"), clock.instant().plusSeconds(60));
  }

  @Test
  void whatIsSeenInTheInboxIsNotPushed() {
    try (var dispatcher = dispatcher()) {
      comeOnline();
      SendReceipt receipt = dispatcher.send(toBoth().build());
      assertThat(dispatcher, receipt).on(Channel.IN_APP).is(DeliveryStatus.SENT);
      clock.advance(Duration.ofSeconds(20));
      assertThat(push.calls()).isZero();

      inbox.markAllSeen("jane");
      clock.advance(Duration.ofSeconds(10));

      assertThat(dispatcher, receipt)
          .on(Channel.PUSH)
          .is(DeliveryStatus.SUPPRESSED)
          .because(InboxPresence.SEEN_IN_APP);
      assertThat(push.calls()).isZero();
    }
  }

  @Test
  void whatIsPutAwayInTheInboxIsNotPushed() {
    try (var dispatcher = dispatcher()) {
      comeOnline();
      SendReceipt receipt = dispatcher.send(toBoth().build());

      inbox.moveToArchive("jane", inbox.feed("jane", 1).get(0).id());
      clock.advance(Duration.ofMinutes(1));

      assertThat(dispatcher, receipt)
          .on(Channel.PUSH)
          .is(DeliveryStatus.SUPPRESSED)
          .because(InboxPresence.SEEN_IN_APP);
    }
  }

  @Test
  void whatNobodyLooksAtIsPushedAfterTheGrace() {
    try (var dispatcher = dispatcher()) {
      comeOnline();
      SendReceipt receipt = dispatcher.send(toBoth().build());
      clock.advance(Duration.ofSeconds(29));
      assertThat(push.calls()).isZero();

      clock.advance(Duration.ofSeconds(1));

      assertThat(dispatcher, receipt).on(Channel.PUSH).is(DeliveryStatus.SENT);
    }
  }

  @Test
  void whoIsNotThereIsPushedAtOnce() {
    try (var dispatcher = dispatcher()) {
      SendReceipt receipt = dispatcher.send(toBoth().build());

      assertThat(dispatcher, receipt).on(Channel.PUSH).is(DeliveryStatus.SENT);
    }
  }

  @Test
  void whatIsCriticalDoesNotWait() {
    try (var dispatcher = dispatcher()) {
      comeOnline();
      SendReceipt receipt = dispatcher.send(toBoth().priority(Priority.CRITICAL).build());

      assertThat(dispatcher, receipt).on(Channel.PUSH).is(DeliveryStatus.SENT);
    }
  }

  @Test
  void whatGoesByPushAloneDoesNotWait() {
    try (var dispatcher = dispatcher()) {
      comeOnline();
      SendReceipt alone =
          dispatcher.send(Notification.to("jane").body("Hi").channels(Channel.PUSH).build());
      SendReceipt first =
          dispatcher.send(
              Notification.to("jane")
                  .body("Hi")
                  .routing(Routing.first(Channel.PUSH, Channel.IN_APP))
                  .build());

      assertThat(dispatcher, alone).on(Channel.PUSH).is(DeliveryStatus.SENT);
      assertThat(dispatcher, first).on(Channel.PUSH).is(DeliveryStatus.SENT);
    }
  }

  @Test
  void explainSaysWhyItWaits() {
    try (var dispatcher = dispatcher()) {
      comeOnline();

      assertThat(dispatcher.explain(toBoth().build()).toString()).contains(InboxPresence.ONLINE);
    }
  }

  @Test
  void aGraceHasALength() {
    assertThatThrownBy(() -> InboxPresence.of(inbox, Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("grace");
  }

  @Test
  void itIsSeenOnOneNodeAndNotPushedByTheOther() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcSchema.migrate(database);
    try (JdbcStore here = JdbcStore.builder(database).build();
        JdbcStore there = JdbcStore.builder(database).build()) {
      Inbox mine = Inbox.builder(here).clock(clock).build();
      Inbox theirs = Inbox.builder(there).clock(clock).build();
      there.inboxes().orElseThrow().present(List.of("jane"), clock.instant().plusSeconds(60));
      RecordingProvider ownPush = RecordingProvider.of(Channel.PUSH);
      try (var sends = builder(mine, ownPush).store(here).build();
          var looksOn = builder(theirs, push).store(there).build()) {
        assertThat((Object) looksOn).isNotNull();
        SendReceipt receipt = sends.send(toBoth().build());
        clock.advance(Duration.ofSeconds(5));
        assertThat(theirs.markAllSeen("jane")).isEqualTo(1);

        clock.advance(Duration.ofMinutes(2));

        assertThat(sends, receipt)
            .on(Channel.PUSH)
            .is(DeliveryStatus.SUPPRESSED)
            .because(InboxPresence.SEEN_IN_APP);
        assertThat(push.calls() + ownPush.calls()).isZero();
      }
    }
  }
}
