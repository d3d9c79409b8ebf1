package dev.notify.routing;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.ArrayList;
import java.util.List;

/** Two vendors of text messages and one of mail, found by the service loader. */
public abstract class SampleFactory implements ChannelProviderFactory {

  /** Names of the providers that were closed, in order. */
  static final List<String> CLOSED = new ArrayList<>();

  private final Channel channel;
  private final String provider;

  private SampleFactory(Channel channel, String provider) {
    this.channel = channel;
    this.provider = provider;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("token", "what the vendor knows us by"),
        Option.optional("base-url", "where it listens"));
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    if (options.required("token").equals("broken")) {
      throw new ConfigurationException(options.key("token") + ": is no token");
    }
    return new SampleProvider(provider, channel) {
      @Override
      public void close() {
        CLOSED.add(name());
      }
    };
  }

  /** A vendor of text messages. */
  public static final class Alpha extends SampleFactory {
    public Alpha() {
      super(Channel.SMS, "alpha");
    }
  }

  /** Another vendor of text messages. */
  public static final class Beta extends SampleFactory {
    public Beta() {
      super(Channel.SMS, "beta");
    }
  }

  /** A vendor of mail. */
  public static final class Mail extends SampleFactory {
    public Mail() {
      super(Channel.EMAIL, "mail");
    }
  }
}
