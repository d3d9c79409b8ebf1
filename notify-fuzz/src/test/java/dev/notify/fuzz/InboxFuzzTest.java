package dev.notify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.inapp.Inbox;
import dev.notify.inapp.InboxConversation;
import dev.notify.inapp.InboxEvent;
import dev.notify.inapp.InboxStream;
import dev.notify.inapp.InboxStreams;
import dev.notify.memory.MemoryInboxes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterContainer;

/** What a page says over its socket, or somebody who is no page. */
class InboxFuzzTest extends FuzzTargets {

  private static final List<String> FRAMES =
      List.of(
          "{\"read\":[\"01a20289-2fd7-7001-9237-6d3f9b7e8e91\",\"" + Canary.WORD + "\"]}",
          "{\"seen\":\"all\"}",
          "{\"archive\":\"all\",\"category\":\"" + Canary.WORD + "\"}",
          "{\"restore\":[\"01a20289-2fd7-7001-9237-6d3f9b7e8e91\"]}",
          "{\"unread\":[\"a\",\"b\",\"c\"]}");

  private static final InboxStreams STREAMS =
      InboxStreams.of(Inbox.builder(MemoryInboxes.create()).build());

  /** A page that reads whatever comes. */
  private static final class Reading implements InboxStream.Sink {
    @Override
    public CompletionStage<?> write(InboxEvent event) {
      return CompletableFuture.completedFuture(event);
    }

    @Override
    public void end() {
      // Nobody looks.
    }
  }

  @AfterContainer
  static void end() {
    STREAMS.close();
  }

  @Fuzz(share = 20)
  void frames(@ForAll("inputs") Chance chance) {
    String frame =
        chance.oneIn(10)
            ? Hostile.text(chance)
            : new String(Spoiled.json(chance, chance.of(FRAMES)), UTF_8);
    Optional<Long> revision = chance.oneIn(4) ? Optional.of(chance.number()) : Optional.empty();
    Trial.of(
        chance,
        trial -> {
          trial.begins(frame.length());
          try (InboxConversation conversation =
              InboxConversation.open(STREAMS, "jane", revision, new Reading()).orElseThrow()) {
            Optional<String> fault = conversation.received(frame);
            fault.ifPresent(
                why -> {
                  trial.refused();
                  // It goes into a close frame, which has room for 123 bytes.
                  trial.require(why.getBytes(UTF_8).length <= 123, "reason", why);
                  trial.require(Canary.foundIn(why).isEmpty(), "quoted", why);
                });
          }
        });
  }
}
