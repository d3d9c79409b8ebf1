package dev.notify.sms;

import dev.notify.model.Address;

/**
 * Who text messages say they come from, by the country they go to: many countries want a number of
 * their own, some a name, some refuse names.
 *
 * <pre>{@code
 * SmsSenders senders = SmsSenders.of("+12125550100").forPrefix("+44", "Shop");
 * }</pre>
 *
 * <p>A vendor that refuses the sender of a prefix refuses the messages with that prefix only; the
 * provider stays in use for all others.
 *
 * <p>A sender is a number in E.164 form, a short code, or a name of at most eleven characters.
 * Immutable: each call gives others. Thread-safe.
 *
 * @since 0.1
 */
public final class SmsSenders {

  private final String otherwise;
  private final Prefixes<String> senders;

  private SmsSenders(String otherwise, Prefixes<String> senders) {
    this.otherwise = otherwise;
    this.senders = senders;
  }

  /**
   * One sender for every number.
   *
   * @throws dev.notify.model.ConfigurationException if it is no number, short code or name
   */
  public static SmsSenders of(String sender) {
    return new SmsSenders(SenderId.checked(sender), Prefixes.none());
  }

  /**
   * Sets the sender for numbers with this prefix; of several that fit, the longest wins.
   *
   * @param prefix first digits in E.164 form, {@code +44} or {@code +1204}
   * @throws dev.notify.model.ConfigurationException if it is no prefix, or the sender is no number,
   *     short code or name
   */
  public SmsSenders forPrefix(String prefix, String sender) {
    return new SmsSenders(otherwise, senders.with(prefix, SenderId.checked(sender)));
  }

  /** The sender for this address. */
  public String senderFor(Address address) {
    return senders.of(address.value()).orElse(otherwise);
  }

  /**
   * Whether the sender for this address is one for its prefix, so that another address may well
   * have another.
   */
  boolean isByPrefix(Address address) {
    return senders.of(address.value()).isPresent();
  }

  @Override
  public String toString() {
    return "SmsSenders[" + senders.size() + " prefixes]";
  }
}
