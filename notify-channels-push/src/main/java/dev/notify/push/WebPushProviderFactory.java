package dev.notify.push;

import dev.notify.http.KeyedOptions;
import dev.notify.model.Channel;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds a {@link WebPushProvider} from properties {@code notify.push.webpush.*}.
 *
 * @since 0.1
 */
public final class WebPushProviderFactory implements ChannelProviderFactory {

  /** There is no address of a vendor here: each subscription brings its own. */
  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.required("public-key", "VAPID public key, base64url"),
                  Option.required("private-key", "VAPID private key, base64url"),
                  Option.required("subject", "contact, mailto:name@host or an https address"),
                  Option.optional(
                      "push-services",
                      "hosts that may be called, with commas; known for the usual browsers'; any public host by default"),
                  Option.optional(
                      "trusted-hosts",
                      "hosts that need be neither public nor https, with commas, for tests")),
              KeyedOptions.COMMON.stream().filter(option -> !option.name().equals("base-url")))
          .toList();

  private static final Pattern COMMAS = Pattern.compile("\\s*,\\s*");

  /** For {@link java.util.ServiceLoader}. */
  public WebPushProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.PUSH;
  }

  @Override
  public String provider() {
    return "webpush";
  }

  @Override
  public List<Option> options() {
    return OPTIONS;
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    WebPushProvider.Builder builder = WebPushProvider.builder();
    KeyedOptions keyed =
        new KeyedOptions(options)
            .required("public-key", VapidKeys::openKey)
            .required("private-key", VapidKeys::secretKey);
    String secret = options.required("private-key");
    keyed
        .required("public-key", open -> builder.vapidKeys(new VapidKeys(open, secret)))
        .required("subject", builder::subject)
        .text("push-services", text -> builder.pushServices(services(text)))
        .text("trusted-hosts", text -> builder.trustedHosts(hosts(text)))
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
    return builder.build();
  }

  private static List<String> services(String text) {
    return text.equals("known") ? WebPushProvider.KNOWN_PUSH_SERVICES : hosts(text);
  }

  private static List<String> hosts(String text) {
    return COMMAS.splitAsStream(text).toList();
  }
}
