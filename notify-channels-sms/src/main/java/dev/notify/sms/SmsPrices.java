package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Cost;
import dev.notify.spi.ChainOrder;
import dev.notify.spi.Pricing;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;

/**
 * What a provider takes for a segment, by the country or network a number belongs to: tells what a
 * text costs before it is sent, and lets the cheapest provider of a chain go first.
 *
 * <pre>{@code
 * SmsPrices prices = SmsPrices.in("EUR").perSegment("+49", "0.075").perSegment("+1", "0.008");
 * }</pre>
 *
 * <p>The prices are those of your contract; none are built in. An estimate, as {@link SmsSegments}
 * is one. Immutable: each call gives another list. Thread-safe.
 *
 * @since 0.1
 */
public final class SmsPrices {

  private final Currency currency;
  private final Prefixes<BigDecimal> prices;

  private SmsPrices(Currency currency, Prefixes<BigDecimal> prices) {
    this.currency = currency;
    this.prices = prices;
  }

  /**
   * What one text is to cost, before it is sent.
   *
   * @param amount in units of the currency, not rounded
   * @param currency the currency of the price list
   * @param segments what is paid for
   */
  public record Estimate(BigDecimal amount, Currency currency, SmsSegments segments) {}

  /**
   * A price list that is still empty.
   *
   * @param currency ISO 4217 code, {@code EUR} for example
   * @throws ConfigurationException if there is no such currency
   */
  public static SmsPrices in(String currency) {
    try {
      return new SmsPrices(Currency.getInstance(currency), Prefixes.none());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("currency: must be an ISO 4217 code, EUR for example");
    }
  }

  /**
   * Sets the price of a segment to numbers with this prefix; of several that fit, the longest wins.
   *
   * @param prefix first digits in E.164 form, {@code +49} or {@code +1204}
   * @param price in units of the currency, 0.075 for example
   * @throws ConfigurationException if it is no prefix, or the price is negative
   */
  public SmsPrices perSegment(String prefix, BigDecimal price) {
    if (price.signum() < 0) {
      throw new ConfigurationException("price: must not be negative");
    }
    return new SmsPrices(currency, prices.with(prefix, price));
  }

  /**
   * The same, with the price in digits.
   *
   * @throws ConfigurationException if it is no prefix, or the price is no number or negative
   */
  public SmsPrices perSegment(String prefix, String price) {
    BigDecimal number;
    try {
      number = new BigDecimal(price);
    } catch (NumberFormatException e) {
      throw new ConfigurationException("price: must be a number, 0.075 for example");
    }
    return perSegment(prefix, number);
  }

  /**
   * What this text costs to this number.
   *
   * @return empty if the list has no price for the number, or the address is none of text messages
   */
  public Optional<Estimate> estimate(Address address, String body) {
    if (!address.channel().equals(Channel.SMS)) {
      return Optional.empty();
    }
    return prices
        .of(address.value())
        .map(
            price -> {
              SmsSegments segments = SmsSegments.of(body);
              return new Estimate(
                  price.multiply(BigDecimal.valueOf(segments.count())), currency, segments);
            });
  }

  /**
   * The cheapest provider first, for each message. One without a list, or without a price for the
   * number, stands by behind the others; of equal ones the one added first goes first.
   *
   * @param lists by the provider's name
   * @throws ConfigurationException if the lists are of several currencies
   */
  public static ChainOrder asOrder(Map<String, SmsPrices> lists) {
    Map<String, SmsPrices> fixed = Map.copyOf(lists);
    if (fixed.values().stream().map(list -> list.currency).distinct().count() > 1) {
      throw new ConfigurationException("prices: must all be in one currency");
    }
    return ChainOrder.cheapest(
        (provider, message) ->
            Optional.ofNullable(fixed.get(provider))
                .flatMap(
                    list -> list.estimate(message.address(), message.content().body().orElse("")))
                .map(cost -> cost.amount().doubleValue())
                .orElse(Double.POSITIVE_INFINITY));
  }

  /**
   * What texts cost that were sent, for {@link dev.notify.Analytics}; the lists may be of several
   * currencies.
   *
   * @param lists by the provider's name
   */
  public static Pricing asPricing(Map<String, SmsPrices> lists) {
    Map<String, SmsPrices> fixed = Map.copyOf(lists);
    return (provider, message) ->
        Optional.ofNullable(fixed.get(provider))
            .flatMap(list -> list.estimate(message.address(), message.content().body().orElse("")))
            .map(cost -> Cost.of(cost.amount(), cost.currency()));
  }

  @Override
  public String toString() {
    return "SmsPrices[" + currency + ", " + prices.size() + " prefixes]";
  }
}
