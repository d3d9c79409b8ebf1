package dev.notify.sms;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds an {@link SnsProvider} from properties {@code notify.sms.sns.*}.
 *
 * @since 0.1
 */
public final class SnsProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("region", "region, eu-central-1 for example"),
                  Option.required("access-key-id", "id of the access key"),
                  Option.required("secret-access-key", "the access key's secret"),
                  Option.optional("session-token", "token of temporary credentials"),
                  Option.optional("from", "sender; chosen by Amazon by default")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public SnsProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.SMS;
  }

  @Override
  public String provider() {
    return "sns";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    SnsProvider.Builder builder = SnsProvider.builder();
    new KeyedOptions(options)
        .required("region", builder::region)
        .required("access-key-id", builder::accessKeyId)
        .required("secret-access-key", builder::secretAccessKey)
        .text("session-token", builder::sessionToken)
        .text("from", builder::from)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }
}
