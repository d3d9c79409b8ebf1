package dev.notify.email;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Builds a {@link MailgunProvider} from properties {@code notify.email.mailgun.*}.
 *
 * @since 0.1
 */
public final class MailgunProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      MailKeys.and(
          Option.required("domain", "domain that sends, mg.example.com for example"),
          Option.required("api-key", "API key of the account or of the domain"),
          MailKeys.batchSize(MailgunProvider.MOST_AT_ONCE));

  /** For {@link java.util.ServiceLoader}. */
  public MailgunProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public String provider() {
    return "mailgun";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    MailgunProvider.Builder builder = MailgunProvider.builder();
    new KeyedOptions(options)
        .required("domain", builder::domain)
        .required("api-key", builder::apiKey);
    MailKeys.read(options, builder, MailgunProvider.MOST_AT_ONCE);
    return builder.build();
  }
}
