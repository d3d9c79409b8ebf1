package dev.notify.inapp;

import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Builds an {@link InAppProvider} with inboxes in memory from properties {@code
 * notify.inapp.inbox.*}.
 *
 * @since 0.1
 */
public final class InAppProviderFactory implements ChannelProviderFactory {

  private static final String USERS = "users";
  private static final String ITEMS_PER_USER = "items-per-user";

  private static final String LIFETIME = "lifetime";

  /** For {@link java.util.ServiceLoader}. */
  public InAppProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.IN_APP;
  }

  @Override
  public String provider() {
    return "inbox";
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.optional(USERS, "users with an inbox; " + MemoryInboxes.USERS + " by default"),
        Option.optional(
            ITEMS_PER_USER, "items a user keeps; " + MemoryInboxes.ITEMS_PER_USER + " by default"),
        Option.optional(LIFETIME, "how long an item stands there; P90D by default"));
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    int users = options.integer(USERS, 1, Integer.MAX_VALUE).orElse(MemoryInboxes.USERS);
    int items = options.integer(ITEMS_PER_USER, 1, 10_000).orElse(MemoryInboxes.ITEMS_PER_USER);
    Inbox.Builder inbox = Inbox.builder(MemoryInboxes.of(users, items));
    options
        .duration(LIFETIME)
        .ifPresent(
            lifetime -> inbox.lifetime(Inbox.requirePositive(options.key(LIFETIME), lifetime)));
    return InAppProvider.of(inbox.build());
  }
}
