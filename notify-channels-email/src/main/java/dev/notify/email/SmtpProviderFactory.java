package dev.notify.email;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Builds an {@link SmtpProvider} from {@code notify.email.smtp.*}.
 *
 * @since 0.1
 */
public final class SmtpProviderFactory implements ChannelProviderFactory {

  private static final int MANY = 1_000_000;

  /** For {@link java.util.ServiceLoader}. */
  public SmtpProviderFactory() {}

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public String provider() {
    return "smtp";
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.required("host", "name of the relay"),
        Option.optional("port", "port of the relay (587, 465 or 25, by tls)"),
        Option.optional("username", "user name at the relay, with password"),
        Option.optional("password", "password at the relay, with username"),
        Option.required("from", "the sender, Shop <shop@example.com>"),
        Option.optional("tls", "none, starttls (default, required) or implicit"),
        Option.optional("reply-to", "where answers go (the sender)"),
        Option.optional(
            "default-subject", "subject of mail without a title (such mail is refused)"),
        Option.optional("ehlo-name", "our own host name (looked up)"),
        Option.optional("connect-timeout", "wait for a connection (PT10S)"),
        Option.optional("read-timeout", "wait for an answer (PT60S)"),
        Option.optional("write-timeout", "wait for bytes to leave (PT60S)"),
        Option.optional("borrow-timeout", "wait for a free connection (PT30S)"),
        Option.optional("max-connections", "messages under way at once (4)"),
        Option.optional("max-messages-per-connection", "messages over one connection (100)"),
        Option.optional("max-idle", "rest of a connection (PT30S)"),
        Option.optional("max-connection-age", "life of a connection (PT5M)"),
        Option.optional("max-message-bytes", "longest mail, encoded (10485760)"));
  }

  @Override
  public ChannelProvider create(ProviderOptions options) {
    SmtpProviderBuilder builder = SmtpProvider.builder();
    options.required("host");
    options.required("from");
    set(options, "host", options.text("host"), builder::host);
    set(options, "port", options.integer("port", 1, 65_535), builder::port);
    set(options, "username", options.text("username"), builder::username);
    set(options, "password", options.text("password"), builder::password);
    set(options, "from", options.text("from"), builder::from);
    set(options, "tls", options.word("tls", TlsMode.class), builder::tls);
    set(options, "reply-to", options.text("reply-to"), builder::replyTo);
    set(options, "default-subject", options.text("default-subject"), builder::defaultSubject);
    set(options, "ehlo-name", options.text("ehlo-name"), builder::ehloName);
    set(options, "connect-timeout", options.duration("connect-timeout"), builder::connectTimeout);
    set(options, "read-timeout", options.duration("read-timeout"), builder::readTimeout);
    set(options, "write-timeout", options.duration("write-timeout"), builder::writeTimeout);
    set(options, "borrow-timeout", options.duration("borrow-timeout"), builder::borrowTimeout);
    set(
        options,
        "max-connections",
        options.integer("max-connections", 1, 1000),
        builder::maxConnections);
    set(
        options,
        "max-messages-per-connection",
        options.integer("max-messages-per-connection", 1, MANY),
        builder::maxMessagesPerConnection);
    set(options, "max-idle", options.duration("max-idle"), builder::maxIdle);
    set(
        options,
        "max-connection-age",
        options.duration("max-connection-age"),
        builder::maxConnectionAge);
    set(
        options,
        "max-message-bytes",
        options.integer("max-message-bytes", 1024, Integer.MAX_VALUE).map(Integer::longValue),
        builder::maxMessageBytes);
    requireBothOrNeither(options, "username", "password");
    requireBothOrNeither(options, "password", "username");
    return builder.build();
  }

  /** Says the full key where the builder names its own option. */
  private static <T> void set(
      ProviderOptions options, String option, Optional<T> value, Consumer<T> setter) {
    try {
      value.ifPresent(setter);
    } catch (ConfigurationException e) {
      String message = String.valueOf(e.getMessage());
      throw new ConfigurationException(
          options.key(option) + message.substring(Math.max(message.indexOf(':'), 0)));
    }
  }

  private static void requireBothOrNeither(ProviderOptions options, String given, String other) {
    if (options.text(given).isPresent() && options.text(other).isEmpty()) {
      throw new ConfigurationException(
          options.key(other) + ": must be set, since " + given + " is");
    }
  }
}
