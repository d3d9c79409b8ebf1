package dev.notify.sms;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds a {@link TwilioProvider} from properties {@code notify.sms.twilio.*}.
 *
 * @since 0.1
 */
public final class TwilioProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("account-sid", "account, AC and 32 hexadecimal digits"),
                  Option.required("auth-token", "the account's secret token"),
                  Option.optional("from", "sender; this or messaging-service-sid must be set"),
                  Option.optional(
                      "messaging-service-sid", "messaging service that chooses the sender"),
                  Option.optional(
                      "status-callback", "address for Twilio's reports; none by default")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public TwilioProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.SMS;
  }

  @Override
  public String provider() {
    return "twilio";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    TwilioProvider.Builder builder = TwilioProvider.builder();
    new KeyedOptions(options)
        .required("account-sid", builder::accountSid)
        .required("auth-token", builder::authToken)
        .text("from", builder::from)
        .text("messaging-service-sid", builder::messagingServiceSid)
        .set("status-callback", options.uri("status-callback"), builder::statusCallback)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    if (options.text("from").isPresent() == options.text("messaging-service-sid").isPresent()) {
      throw new ConfigurationException(
          options.key("from")
              + ", "
              + options.key("messaging-service-sid")
              + ": exactly one of them must be set");
    }
    return builder.build();
  }
}
