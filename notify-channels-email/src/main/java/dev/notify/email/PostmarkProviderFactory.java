package dev.notify.email;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;

/**
 * Builds a {@link PostmarkProvider} from properties {@code notify.email.postmark.*}.
 *
 * @since 0.1
 */
public final class PostmarkProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      MailKeys.and(
          Option.required("server-token", "token of the server that sends"),
          Option.optional("message-stream", "message stream; outbound by default"),
          MailKeys.batchSize(PostmarkProvider.MOST_AT_ONCE));

  /** For {@link java.util.ServiceLoader}. */
  public PostmarkProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public String provider() {
    return "postmark";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    PostmarkProvider.Builder builder = PostmarkProvider.builder();
    new KeyedOptions(options)
        .required("server-token", builder::serverToken)
        .text("message-stream", builder::messageStream);
    MailKeys.read(options, builder, PostmarkProvider.MOST_AT_ONCE);
    return builder.build();
  }
}
