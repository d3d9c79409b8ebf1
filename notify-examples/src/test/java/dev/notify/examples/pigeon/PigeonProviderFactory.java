package dev.notify.examples.pigeon;

import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Builds a {@link PigeonProvider} from properties {@code notify.pigeon.loft.*}. */
public final class PigeonProviderFactory implements ChannelProviderFactory {

  @Override
  public Channel channel() {
    return Channel.of("pigeon");
  }

  @Override
  public String provider() {
    return "loft";
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("url", "address of the loft"),
        Option.required("key", "the loft's key"),
        Option.optional("read-timeout", "time for an answer; PT15S by default"));
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    URI loft = options.uri("url").orElseThrow(); // required, so it has been checked
    Duration timeout = options.duration("read-timeout").orElse(Duration.ofSeconds(15));
    return new PigeonProvider(loft, options.required("key"), timeout);
  }
}
