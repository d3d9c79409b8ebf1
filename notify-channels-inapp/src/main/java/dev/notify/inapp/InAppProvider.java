package dev.notify.inapp;

import dev.notify.inapp.InboxListener.Change;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts messages into inboxes inside the application. A repeated attempt stands there once. Of a
 * content it takes title, body, image, link and data; HTML and attachments are left out.
 *
 * <pre>{@code
 * InAppProvider inApp = InAppProvider.create();
 * NotificationDispatcher dispatcher = NotificationDispatcher.builder().provider(inApp).build();
 * inApp.reportTo(dispatcher::track);      // what was read stops an escalation
 * inApp.inbox().feed("user-42", 20);
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class InAppProvider implements ChannelProvider {

  /** UTF-8 bytes of all text and data that an item can have. */
  public static final int LARGEST = 64 * 1024;

  private static final String NAME = "inbox";

  private final Inbox inbox;
  private final InstantSource clock;

  private InAppProvider(Inbox inbox, InstantSource clock) {
    this.inbox = inbox;
    this.clock = clock;
  }

  /** A provider with {@linkplain MemoryInbox#create() inboxes in memory}. */
  public static InAppProvider create() {
    return of(MemoryInbox.create());
  }

  /** A provider for these inboxes. */
  public static InAppProvider of(Inbox inbox) {
    return of(inbox, InstantSource.system());
  }

  /** A provider for these inboxes that takes the time of arrival from this clock. */
  public static InAppProvider of(Inbox inbox, InstantSource clock) {
    return new InAppProvider(inbox, clock);
  }

  /** Where the messages stand. */
  public Inbox inbox() {
    return inbox;
  }

  /**
   * Tells a dispatcher what was seen ({@code DELIVERED}) and read ({@code READ}) from now on; give
   * it {@code dispatcher::track}.
   */
  public Inbox.Subscription reportTo(Consumer<ProviderEvent> tracker) {
    return inbox.subscribe(
        (change, item) -> {
          if (change == Change.SEEN) {
            tracker.accept(event(item, DeliveryEvent.Type.DELIVERED));
          } else if (change == Change.READ) {
            tracker.accept(event(item, DeliveryEvent.Type.READ));
          }
        });
  }

  private ProviderEvent event(InboxItem item, DeliveryEvent.Type type) {
    return new ProviderEvent(NAME, item.id(), type, clock.instant(), "");
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
    inbox.add(InboxItem.of(message, clock.instant()));
    return Outcome.accepted(message.reference());
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return address.channel().equals(Channel.IN_APP)
        ? Optional.empty()
        : Optional.of("not an in-app address");
  }

  @Override
  public Optional<String> problemWith(Content content) {
    if (content.title().isEmpty() && content.body().isEmpty() && content.data().isEmpty()) {
      return Optional.of("an inbox shows a title or a body, and there is neither");
    }
    int size = content.textBytes();
    return size <= LARGEST
        ? Optional.empty()
        : Optional.of("has " + size + " bytes, an inbox takes " + LARGEST);
  }

  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  public String toString() {
    return "InAppProvider[" + inbox + "]";
  }
}
