package dev.notify.email;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Builds a {@link SendGridProvider} from properties {@code notify.email.sendgrid.*}.
 *
 * @since 0.1
 */
public final class SendGridProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      MailKeys.and(
          Option.required("api-key", "API key with the right to send mail"),
          MailKeys.batchSize(SendGridProvider.MOST_AT_ONCE));

  /** For {@link java.util.ServiceLoader}. */
  public SendGridProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public String provider() {
    return "sendgrid";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    SendGridProvider.Builder builder = SendGridProvider.builder();
    new KeyedOptions(options).required("api-key", builder::apiKey);
    MailKeys.read(options, builder, SendGridProvider.MOST_AT_ONCE);
    return builder.build();
  }
}
