package dev.notify.sms;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds a {@link MessageBirdProvider} from properties {@code notify.sms.messagebird.*}.
 *
 * @since 0.1
 */
public final class MessageBirdProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("access-key", "the secret access key"),
                  Option.required("from", "sender: number, short code or name"),
                  Option.optional(
                      "report-url", "address for MessageBird's reports; the account's by default")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public MessageBirdProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.SMS;
  }

  @Override
  public String provider() {
    return "messagebird";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    MessageBirdProvider.Builder builder = MessageBirdProvider.builder();
    new KeyedOptions(options)
        .required("access-key", builder::accessKey)
        .required("from", builder::from)
        .set("report-url", options.uri("report-url"), builder::reportUrl)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }
}
