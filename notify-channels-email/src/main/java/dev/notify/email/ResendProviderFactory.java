package dev.notify.email;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Builds a {@link ResendProvider} from properties {@code notify.email.resend.*}.
 *
 * @since 0.1
 */
public final class ResendProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      MailKeys.and(
          Option.required("api-key", "API key with the right to send"),
          MailKeys.batchSize(ResendProvider.MOST_AT_ONCE));

  /** For {@link java.util.ServiceLoader}. */
  public ResendProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public String provider() {
    return "resend";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    ResendProvider.Builder builder = ResendProvider.builder();
    new KeyedOptions(options).required("api-key", builder::apiKey);
    MailKeys.read(options, builder, ResendProvider.MOST_AT_ONCE);
    return builder.build();
  }
}
