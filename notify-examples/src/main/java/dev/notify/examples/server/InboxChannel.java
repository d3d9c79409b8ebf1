package dev.notify.examples.server;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InboxItem;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.InboxStore;
import dev.notify.spi.OutboundMessage;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Puts in-app messages into the inboxes of the store. A repeated attempt stands there once. */
final class InboxChannel implements ChannelProvider {

  static final String NAME = "inbox";

  private final InboxStore inboxes;
  private final InstantSource clock;

  InboxChannel(InboxStore inboxes, InstantSource clock) {
    this.inboxes = inboxes;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Channel channel() {
    return Channel.IN_APP;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    inboxes.add(
        List.of(
            new InboxItem(
                message.reference(),
                message.address().value(),
                Optional.of(message.notificationId()),
                message.content(),
                message.category().name(),
                message.priority(),
                message.metadata(),
                clock.instant(),
                message.expiresAt(),
                false,
                false,
                false,
                0)));
    return Outcome.accepted(message.reference());
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return content.title().isEmpty() && content.body().isEmpty()
        ? Optional.of("an inbox shows a title or a body, and there is neither")
        : Optional.empty();
  }

  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  public String toString() {
    return NAME;
  }
}
