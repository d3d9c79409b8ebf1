package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.memory.MemoryInboxes;
import dev.notify.test.VirtualClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboxConversationTest {

  private static final String SEEN = "{\"seen\":\"all\"}";

  private final VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
  private final InboxStreams streams =
      InboxStreams.of(Inbox.builder(MemoryInboxes.create()).clock(clock).build());

  @AfterEach
  void close() {
    streams.close();
  }

  private InboxConversation open() {
    return InboxConversation.open(streams, "jane", Optional.empty(), RecordingSink.quick())
        .orElseThrow();
  }

  private static int taken(InboxConversation conversation) {
    int taken = 0;
    while (conversation.received(SEEN).isEmpty()) {
      taken++;
    }
    return taken;
  }

  @Test
  void aClientSendsSoManyFramesAtOnceAndSoManyASecond() {
    InboxConversation conversation = open();

    assertThat(taken(conversation)).isEqualTo(InboxConversation.FRAMES_AT_ONCE);
    assertThat(conversation.received(SEEN).orElse("")).contains("too many frames");
    clock.advance(Duration.ofSeconds(1));
    assertThat(taken(conversation)).isEqualTo(InboxConversation.FRAMES_PER_SECOND);
    clock.advance(Duration.ofHours(1));
    assertThat(taken(conversation)).isEqualTo(InboxConversation.FRAMES_AT_ONCE);
  }

  @Test
  void everyConnectionHasItsOwn() {
    assertThat(taken(open())).isEqualTo(InboxConversation.FRAMES_AT_ONCE);
    assertThat(taken(open())).isEqualTo(InboxConversation.FRAMES_AT_ONCE);
  }
}
