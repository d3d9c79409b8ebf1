package dev.notify.push;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds an {@link FcmProvider} from properties {@code notify.push.fcm.*}.
 *
 * @since 0.1
 */
public final class FcmProviderFactory implements ChannelProviderFactory {

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("service-account", "path of the service account's JSON file"),
                  Option.optional(
                      "project-id", "Firebase project; the service account's by default")),
              KeyedOptions.COMMON.stream())
          .toList();

  /** For {@link java.util.ServiceLoader}. */
  public FcmProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.PUSH;
  }

  @Override
  public String provider() {
    return "fcm";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    FcmProvider.Builder builder = FcmProvider.builder();
    new KeyedOptions(options)
        .required(
            "service-account",
            path -> builder.serviceAccount(KeyFiles.path("serviceAccount", path)))
        .text("project-id", builder::projectId)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }
}
