package dev.notify.model;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What only e-mails have. People in {@code cc} and {@code bcc} are not asked for their preferences;
 * only the suppression list of the recipient counts.
 *
 * @param replyTo where answers go, instead of the provider's setting
 * @param cc who else gets it, in sight of all
 * @param bcc who else gets it, unseen
 * @param headers further header fields (RFC 5322); none that the message has by itself
 * @param tags words by which the vendor's reports group messages; those without tags leave them out
 * @param unsubscribe where a POST unsubscribes with one click, by RFC 8058; an https address
 * @since 0.1
 */
public record EmailOptions(
    Optional<Address> replyTo,
    List<Address> cc,
    List<Address> bcc,
    Map<String, String> headers,
    List<String> tags,
    Optional<URI> unsubscribe) {

  private static final int MOST_COPIES = 49;
  private static final int MOST_TAGS = 10;
  private static final Pattern FIELD_NAME = Pattern.compile("[!-9;-~]{1,76}");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** Fields that follow from the message, or that a transport writes. */
  private static final Set<String> OWN =
      Set.of(
          "from",
          "sender",
          "to",
          "cc",
          "bcc",
          "reply-to",
          "subject",
          "date",
          "message-id",
          "return-path",
          "received",
          "dkim-signature",
          "mime-version",
          "list-unsubscribe",
          "list-unsubscribe-post",
          "x-notify-delivery");

  /** Nothing special. */
  public static final EmailOptions NONE = builder().build();

  /** Checks addresses, names of headers and tags. */
  public EmailOptions {
    replyTo.ifPresent(address -> requireEmail("email.replyTo", address));
    cc = List.copyOf(cc);
    cc.forEach(address -> requireEmail("email.cc", address));
    bcc = List.copyOf(bcc);
    bcc.forEach(address -> requireEmail("email.bcc", address));
    if (cc.size() + bcc.size() > MOST_COPIES) {
      throw new InvalidNotificationException(
          "email.cc",
          "cc and bcc are "
              + (cc.size() + bcc.size())
              + ", at most "
              + MOST_COPIES
              + " are allowed; many recipients are many notifications");
    }
    headers = Map.copyOf(headers);
    headers.forEach(EmailOptions::requireHeader);
    tags = List.copyOf(tags);
    tags.forEach(EmailOptions::requireTag);
    if (tags.size() > MOST_TAGS) {
      throw new InvalidNotificationException(
          "email.tags", "are " + tags.size() + ", at most " + MOST_TAGS + " are allowed");
    }
    unsubscribe.ifPresent(EmailOptions::requireHttps);
  }

  private static void requireEmail(String field, Address address) {
    if (!address.channel().equals(Channel.EMAIL)) {
      throw new InvalidNotificationException(
          field, "must be an e-mail address, not one of " + address.channel());
    }
  }

  private static void requireHeader(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!FIELD_NAME.matcher(name).matches()) {
      throw new InvalidNotificationException(
          "email.headers", "'" + Text.shown(name) + "' is no name of a header field");
    }
    if (OWN.contains(lower) || lower.startsWith("content-") || lower.startsWith("arc-")) {
      throw new InvalidNotificationException(
          "email.headers." + name, "is set by the message itself");
    }
    Text.requireLine("email.headers." + name, value, 998);
  }

  private static void requireTag(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw new InvalidNotificationException(
          "email.tags",
          "'" + Text.shown(tag) + "' must be of 1 to 128 letters, digits, hyphens and underscores");
    }
  }

  private static void requireHttps(URI target) {
    if (!"https".equalsIgnoreCase(target.getScheme()) || target.getHost() == null) {
      throw new InvalidNotificationException(
          "email.unsubscribe", "must be an absolute https address (RFC 8058)");
    }
    Text.requireLine("email.unsubscribe", target.toString(), 900);
  }

  /** Sizes only: addresses and headers are personal. */
  @Override
  public String toString() {
    return "EmailOptions[" + (cc.size() + bcc.size()) + " copies, tags " + tags + "]";
  }

  /** Starts options. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds {@link EmailOptions}; not thread-safe. */
  public static final class Builder {
    private Optional<Address> replyTo = Optional.empty();
    private final List<Address> cc = new ArrayList<>();
    private final List<Address> bcc = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> tags = new ArrayList<>();
    private Optional<URI> unsubscribe = Optional.empty();

    private Builder() {}

    /** Sets where answers go. */
    public Builder replyTo(Address value) {
      replyTo = Optional.of(Text.present("email.replyTo", value));
      return this;
    }

    /** Adds somebody who gets it too, in sight of all. */
    public Builder cc(Address value) {
      cc.add(Text.present("email.cc", value));
      return this;
    }

    /** Adds somebody who gets it too, unseen. */
    public Builder bcc(Address value) {
      bcc.add(Text.present("email.bcc", value));
      return this;
    }

    /** Adds a header field. */
    public Builder header(String name, String value) {
      headers.put(Text.present("email.headers", name), Text.present("email.headers", value));
      return this;
    }

    /** Adds a word for the vendor's reports: letters, digits, hyphens and underscores. */
    public Builder tag(String value) {
      tags.add(Text.present("email.tags", value));
      return this;
    }

    /** Sets where a POST unsubscribes. */
    public Builder unsubscribe(URI value) {
      unsubscribe = Optional.of(Text.present("email.unsubscribe", value));
      return this;
    }

    /** The options. */
    public EmailOptions build() {
      return new EmailOptions(replyTo, cc, bcc, headers, tags, unsubscribe);
    }
  }
}
