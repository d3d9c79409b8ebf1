package dev.notify.email;

import dev.notify.http.KeyedOptions;
import dev.notify.spi.ChannelProviderFactory.Option;
import dev.notify.spi.ProviderOptions;
import java.util.List;
import java.util.stream.Stream;

/** The options that every vendor of mail has, beside its own. */
final class MailKeys {

  private static final List<Option> SHARED =
      List.of(
          Option.required("from", "the sender, Shop <shop@example.com>"),
          Option.optional("reply-to", "where answers go; the sender by default"),
          Option.optional(
              "default-subject",
              "subject of mail without a title; such mail is refused by default"));

  private static final String BATCH_SIZE = "batch-size";

  private MailKeys() {}

  /** A vendor's own options and the shared ones. */
  static List<Option> and(Option... own) {
    return Stream.of(Stream.of(own), SHARED.stream(), KeyedOptions.COMMON.stream())
        .flatMap(options -> options)
        .toList();
  }

  /** The option of vendors that take up to so many mails in one request. */
  static Option batchSize(int most) {
    return Option.optional(
        BATCH_SIZE, "most mails in one request, 1 to " + most + "; 50 by default");
  }

  /** Hands the shared ones over, and that one. */
  static void read(ProviderOptions options, BatchMailSettings<?> builder, int most) {
    read(options, builder);
    options.integer(BATCH_SIZE, 1, most).ifPresent(builder::batchSize);
  }

  /** Hands the shared ones over. */
  static void read(ProviderOptions options, MailSettings<?> builder) {
    new KeyedOptions(options)
        .required("from", builder::from)
        .text("reply-to", builder::replyTo)
        .text("default-subject", builder::defaultSubject)
        .set("base-url", options.uri("base-url"), builder::baseUrl)
        .duration("connect-timeout", builder::connectTimeout)
        .duration("read-timeout", builder::readTimeout);
  }
}
