package dev.notify.push;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.push.ApnsProvider.Environment;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds an {@link ApnsProvider} from properties {@code notify.push.apns.*}.
 *
 * @since 0.1
 */
public final class ApnsProviderFactory implements ChannelProviderFactory {

  private static final int MOST_CONNECTIONS = 100;

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("signing-key", "path of the signing key's .p8 file"),
                  Option.required("key-id", "id of the signing key, ten characters"),
                  Option.required("team-id", "id of the team, ten characters"),
                  Option.required("topic", "the application's bundle id"),
                  Option.optional("environment", "production (default) or sandbox"),
                  Option.optional("connections", "connections that are kept; 1 by default")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public ApnsProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.PUSH;
  }

  @Override
  public String provider() {
    return "apns";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    ApnsProvider.Builder builder = ApnsProvider.builder();
    new KeyedOptions(options)
        .required("signing-key", path -> builder.signingKey(KeyFiles.path("signingKey", path)))
        .required("key-id", builder::keyId)
        .required("team-id", builder::teamId)
        .required("topic", builder::topic)
        .set("environment", options.word("environment", Environment.class), builder::environment)
        .set(
            "connections",
            options.integer("connections", 1, MOST_CONNECTIONS),
            builder::connections)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }
}
