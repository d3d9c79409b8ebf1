package dev.notify.examples.provider;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Builds a {@link PigeonProvider} from properties {@code notify.pigeon.pigeon-post.*}. */
public final class PigeonProviderFactory implements ChannelProviderFactory {

  @Override
  public Channel channel() {
    return Channel.of("pigeon");
  }

  @Override
  public String provider() {
    return "pigeon-post";
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("url", "address of Pigeon Post"),
        Option.required("key", "the account's key"),
        Option.optional("timeout", "time for an answer; PT15S by default"));
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    String key = options.required("key");
    if (!key.matches("[!-~]+")) { // it goes into a header, whose errors would show it
      throw new ConfigurationException(options.key("key") + ": must be printable ASCII");
    }
    URI url = options.uri("url").orElseThrow(); // required, so it has been checked
    Duration timeout = options.duration("timeout").orElse(Duration.ofSeconds(15));
    return new PigeonProvider(provider(), url, key, timeout);
  }
}
