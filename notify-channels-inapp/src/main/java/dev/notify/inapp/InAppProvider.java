package dev.notify.inapp;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts messages into inboxes inside the application. A repeated attempt stands there once. Of a
 * content it takes title, body, image, link, data and the buttons of a push; HTML and attachments
 * are left out.
 *
 * <pre>{@code
 * JdbcStore store = JdbcStore.of(dataSource);
 * InAppProvider inApp = InAppProvider.in(store);
 * NotificationDispatcher dispatcher =
 *     NotificationDispatcher.builder().store(store).provider(inApp).build();
 * inApp.reportTo(dispatcher::track);      // what was read stops an escalation
 * inApp.inbox().feed("user-42", 20);
 * }</pre>
 *
 * <p>A fault of the store is {@code Retryable}, since what stands there already is left alone.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class InAppProvider implements BatchProvider {

  /** UTF-8 bytes of all text and data that an item can have. */
  public static final int LARGEST = 64 * 1024;

  private static final String NAME = "inbox";
  private static final int AT_ONCE = 100;

  private final Inbox inbox;

  private InAppProvider(Inbox inbox) {
    this.inbox = inbox;
  }

  /** A provider with {@linkplain Inbox#inMemory() inboxes in memory}. */
  public static InAppProvider create() {
    return of(Inbox.inMemory());
  }

  /**
   * A provider with inboxes that are {@linkplain Inbox#in kept where notifications are}.
   *
   * @throws ConfigurationException if this store keeps no inboxes
   */
  public static InAppProvider in(NotificationStore store) {
    return of(Inbox.in(store));
  }

  /** A provider for these inboxes. */
  public static InAppProvider of(Inbox inbox) {
    return new InAppProvider(inbox);
  }

  /** Where the messages stand. */
  public Inbox inbox() {
    return inbox;
  }

  /**
   * Tells a dispatcher what was seen or put away ({@code DELIVERED}) and read ({@code READ}) from
   * now on; give it {@code dispatcher::track}.
   */
  public Subscription reportTo(Consumer<ProviderEvent> tracker) {
    return inbox.subscribe(
        (mark, item) -> {
          if (item.notificationId().isEmpty()) {
            return;
          }
          if (mark == Mark.SEEN) {
            tracker.accept(event(item, DeliveryEvent.Type.DELIVERED));
          } else if (mark == Mark.READ) {
            tracker.accept(event(item, DeliveryEvent.Type.READ));
          } else if (mark == Mark.ARCHIVED && !item.isRead()) {
            // Most often it was seen before, and this is no news.
            tracker.accept(event(item, DeliveryEvent.Type.DELIVERED).undated());
          }
        });
  }

  private ProviderEvent event(InboxItem item, DeliveryEvent.Type type) {
    return new ProviderEvent(NAME, item.id(), type, inbox.now(), "");
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
    return deliver(List.of(message)).get(0);
  }

  @Override
  public List<Outcome> deliver(List<OutboundMessage> messages) {
    try {
      inbox.add(messages);
    } catch (RuntimeException e) {
      Outcome failed = Outcome.retryable("the store failed: " + e.getClass().getSimpleName());
      return messages.stream().map(message -> failed).toList();
    }
    return messages.stream().map(message -> Outcome.accepted(message.reference())).toList();
  }

  @Override
  public int batchLimit() {
    return AT_ONCE;
  }

  @Override
  public Optional<Object> batchKey(OutboundMessage message) {
    return Optional.of(NAME);
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return address.channel().equals(Channel.IN_APP)
        ? Optional.empty()
        : Optional.of("not an in-app address");
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return fault(content);
  }

  static Optional<String> fault(Content content) {
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
