package dev.notify.email;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Builds a {@link SesProvider} from properties {@code notify.email.ses.*}.
 *
 * @since 0.1
 */
public final class SesProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      MailKeys.and(
          Option.required("region", "region that sends, eu-central-1 for example"),
          Option.required("access-key-id", "id of the access key"),
          Option.required("secret-access-key", "secret of the access key"),
          Option.optional("session-token", "token of an access key that ends"),
          Option.optional(
              "configuration-set", "says where events go; the identity's own by default"));

  /** For {@link java.util.ServiceLoader}. */
  public SesProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public String provider() {
    return "ses";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    SesProvider.Builder builder = SesProvider.builder();
    new KeyedOptions(options)
        .required("region", builder::region)
        .required("access-key-id", builder::accessKeyId)
        .required("secret-access-key", builder::secretAccessKey)
        .text("session-token", builder::sessionToken)
        .text("configuration-set", builder::configurationSet);
    MailKeys.read(options, builder);
    return builder.build();
  }
}
