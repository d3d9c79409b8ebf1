package dev.notify.webhook;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Makes a {@link WebhookProvider} from options.
 *
 * @since 0.1
 */
public final class WebhookProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      List.of(
          Option.required("signing-secret", "what receivers know too: whsec_ and Base64"),
          Option.optional("connect-timeout", "time for a connection to stand; PT5S by default"),
          Option.optional("read-timeout", "time for an answer; PT15S by default"));

  /** For {@link java.util.ServiceLoader}. */
  public WebhookProviderFactory() {}

  @Override
  public Channel channel() {
    return WebhookProvider.CHANNEL;
  }

  @Override
  public String provider() {
    return "signed";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    WebhookProvider.Builder builder = WebhookProvider.builder();
    new KeyedOptions(options)
        .required("signing-secret", builder::signingSecret)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }
}
