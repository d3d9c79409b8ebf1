package dev.notify.webhook;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a {@link SlackProvider} from options.
 *
 * @since 0.1
 */
public final class SlackProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(Option.required("bot-token", "the bot's token, xoxb-...")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public SlackProviderFactory() {}

  @Override
  public Channel channel() {
    return SlackProvider.CHANNEL;
  }

  @Override
  public String provider() {
    return "slack";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    SlackProvider.Builder builder = SlackProvider.builder();
    new KeyedOptions(options)
        .required("bot-token", builder::botToken)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }
}
