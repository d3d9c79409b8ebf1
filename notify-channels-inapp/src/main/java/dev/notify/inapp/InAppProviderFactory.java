package dev.notify.inapp;

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
        Option.optional(USERS, "users with an inbox; " + MemoryInbox.USERS + " by default"),
        Option.optional(
            ITEMS_PER_USER, "items a user keeps; " + MemoryInbox.ITEMS_PER_USER + " by default"));
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    int users = options.integer(USERS, 1, Integer.MAX_VALUE).orElse(MemoryInbox.USERS);
    int items = options.integer(ITEMS_PER_USER, 1, 10_000).orElse(MemoryInbox.ITEMS_PER_USER);
    return InAppProvider.of(MemoryInbox.of(users, items));
  }
}
