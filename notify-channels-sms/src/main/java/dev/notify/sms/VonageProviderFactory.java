package dev.notify.sms;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds a {@link VonageProvider} from properties {@code notify.sms.vonage.*}.
 *
 * @since 0.1
 */
public final class VonageProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("application-id", "application, a UUID"),
                  Option.required("private-key", "path of the application's private key, PEM"),
                  Option.required("from", "sender: number, short code or name")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public VonageProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.SMS;
  }

  @Override
  public String provider() {
    return "vonage";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    VonageProvider.Builder builder = VonageProvider.builder();
    new KeyedOptions(options)
        .required("application-id", builder::applicationId)
        .required("private-key", path -> builder.privateKey(file(path)))
        .required("from", builder::from)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }

  private static Path file(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new ConfigurationException("privateKey: is no path");
    }
  }
}
