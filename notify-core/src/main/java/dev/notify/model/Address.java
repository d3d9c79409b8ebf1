package dev.notify.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Where one channel reaches one person: an e-mail address, a phone number, a device token. {@code
 * toString} masks the value, so that an address can stand in a log line by accident and do no harm.
 *
 * @param channel the channel it belongs to
 * @param value the address itself; providers check its form
 * @param type which family of providers understands it, for example {@code fcm} or {@code apns} for
 *     a device token; empty where the channel has one form only
 * @param displayName the person's name as it stands beside an e-mail address
 * @param registeredAt when the application learned of it; a verdict that is older does not retire
 *     it
 * @since 0.1
 */
public record Address(
    Channel channel,
    String value,
    Optional<String> type,
    Optional<String> displayName,
    Optional<Instant> registeredAt) {

  private static final int LONGEST = 4096;

  /** Checks that the value is one line of text and not blank. */
  public Address {
    Text.present("address.channel", channel);
    Text.requireToken("address", value, LONGEST);
    displayName.ifPresent(name -> Text.requireLine("address.displayName", name, 256));
    type.ifPresent(text -> Text.requireToken("address.type", text, 32));
  }

  /** An address of any channel. */
  public static Address of(Channel channel, String value) {
    return new Address(channel, value, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** An e-mail address, {@code jane@example.com}. */
  public static Address email(String value) {
    return of(Channel.EMAIL, value);
  }

  /** A phone number in E.164 form, {@code +14155550100}. */
  public static Address sms(String value) {
    return of(Channel.SMS, value);
  }

  /** A device token of Firebase Cloud Messaging. */
  public static Address fcm(String token) {
    return of(Channel.PUSH, token).ofType("fcm");
  }

  /** A device token of Apple's push service, in hexadecimal digits. */
  public static Address apns(String token) {
    return of(Channel.PUSH, token).ofType("apns");
  }

  /**
   * A browser's push subscription: what {@code JSON.stringify(subscription)} gives in the page.
   * Whoever has it can send to the browser's user, so keep it as you keep a token.
   */
  public static Address webPush(String subscription) {
    return of(Channel.PUSH, subscription).ofType("webpush");
  }

  /** The inbox of a user of the application. */
  public static Address inApp(String userId) {
    return of(Channel.IN_APP, userId);
  }

  /** The same address, for the providers of one family. */
  public Address ofType(String newType) {
    return new Address(
        channel,
        value,
        Optional.of(Text.present("address.type", newType)),
        displayName,
        registeredAt);
  }

  /** The same address with the person's name beside it. */
  public Address named(String name) {
    return new Address(
        channel, value, type, Optional.of(Text.present("address.displayName", name)), registeredAt);
  }

  /** The same address with the moment the application learned of it. */
  public Address registeredAt(Instant at) {
    return new Address(
        channel, value, type, displayName, Optional.of(Text.present("address.registeredAt", at)));
  }

  /** The value with most of it hidden. */
  public String masked() {
    return channel.equals(Channel.PUSH) ? Text.end(value) : Text.masked(value);
  }

  @Override
  public String toString() {
    return channel + ":" + masked();
  }
}
