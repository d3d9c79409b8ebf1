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
 * Builds a {@link PlivoProvider} from properties {@code notify.sms.plivo.*}.
 *
 * @since 0.1
 */
public final class PlivoProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("auth-id", "account, MA or SA and 18 letters and digits"),
                  Option.required("auth-token", "the account's secret token"),
                  Option.optional("from", "sender; this or powerpack-uuid must be set"),
                  Option.optional("powerpack-uuid", "Powerpack that chooses the sender"),
                  Option.optional("report-url", "address for Plivo's reports; none by default"),
                  Option.optional(
                      "batch-size",
                      "most messages in one call, 1 to "
                          + PlivoProvider.MOST_AT_ONCE
                          + "; 50 by default")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public PlivoProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.SMS;
  }

  @Override
  public String provider() {
    return "plivo";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    PlivoProvider.Builder builder = PlivoProvider.builder();
    new KeyedOptions(options)
        .required("auth-id", builder::authId)
        .required("auth-token", builder::authToken)
        .text("from", builder::from)
        .text("powerpack-uuid", builder::powerpackUuid)
        .set("report-url", options.uri("report-url"), builder::reportUrl)
        .set(
            "batch-size",
            options.integer("batch-size", 1, PlivoProvider.MOST_AT_ONCE),
            builder::batchSize)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    if (options.text("from").isPresent() == options.text("powerpack-uuid").isPresent()) {
      throw new ConfigurationException(
          options.key("from")
              + ", "
              + options.key("powerpack-uuid")
              + ": exactly one of them must be set");
    }
    return builder.build();
  }
}
