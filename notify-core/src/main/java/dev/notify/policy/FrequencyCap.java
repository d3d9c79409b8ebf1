package dev.notify.policy;

import dev.notify.model.Channel;
import dev.notify.model.Rate;
import dev.notify.spi.PolicyRequest;
import java.util.Objects;
import java.util.Optional;

/**
 * How many deliveries there may be in a time: to one person or to all, on one channel or any, of
 * one category or any. The surplus waits, or is dropped. Critical messages are not held by caps.
 *
 * <pre>{@code
 * FrequencyCap.perRecipient(Rate.perDay(2)).ofCategory("newsletter").dropping()
 * FrequencyCap.overall(Rate.perSecond(500)).onChannel(SMS)
 * }</pre>
 *
 * @param perRecipient whether each person has a count of their own
 * @param channel the channel it is about, or any
 * @param category the category it is about, or any
 * @param rate how many in which time
 * @param surplus what happens to the rest
 * @since 0.1
 */
public record FrequencyCap(
    boolean perRecipient,
    Optional<Channel> channel,
    Optional<String> category,
    Rate rate,
    Surplus surplus) {

  /** What happens to deliveries over a cap. */
  public enum Surplus {
    /** They wait for their turn, or expire. */
    DEFER,
    /** They are suppressed. */
    DROP
  }

  /** Checks for nulls. */
  public FrequencyCap {
    Objects.requireNonNull(rate, "rate");
    Objects.requireNonNull(surplus, "surplus");
  }

  /** A cap for each person; the surplus waits. */
  public static FrequencyCap perRecipient(Rate rate) {
    return new FrequencyCap(true, Optional.empty(), Optional.empty(), rate, Surplus.DEFER);
  }

  /** A cap for all people together; the surplus waits. */
  public static FrequencyCap overall(Rate rate) {
    return new FrequencyCap(false, Optional.empty(), Optional.empty(), rate, Surplus.DEFER);
  }

  /** The same cap for one channel only. */
  public FrequencyCap onChannel(Channel only) {
    return new FrequencyCap(perRecipient, Optional.of(only), category, rate, surplus);
  }

  /** The same cap for one category only. */
  public FrequencyCap ofCategory(String only) {
    return new FrequencyCap(perRecipient, channel, Optional.of(only), rate, surplus);
  }

  /** The same cap with its surplus suppressed. */
  public FrequencyCap dropping() {
    return new FrequencyCap(perRecipient, channel, category, rate, Surplus.DROP);
  }

  boolean appliesTo(PolicyRequest request) {
    return (channel.isEmpty() || channel.get().equals(request.channel()))
        && (category.isEmpty() || category.get().equals(request.category().name()));
  }

  /**
   * Caps of the same scope and different rates count apart. No id or category can hold a line
   * break, so none can pass for another, nor for everyone.
   */
  String key(PolicyRequest request) {
    return scope() + (perRecipient ? "\n" + request.recipient().id() : "");
  }

  /** What it counts; two caps of one scope would count the same delivery twice. */
  String scope() {
    return (perRecipient ? "cap\neach\n" : "cap\nall\n")
        + rate.count()
        + "/"
        + rate.period()
        + "\n"
        + channel.map(Channel::name).orElse("")
        + "\n"
        + category.orElse("");
  }

  @Override
  public String toString() {
    return rate
        + (perRecipient ? " to one person" : " in all")
        + channel.map(c -> " by " + c).orElse("")
        + category.map(c -> " of " + c).orElse("");
  }
}
