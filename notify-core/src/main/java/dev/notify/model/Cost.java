package dev.notify.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;

/**
 * What a message costs. Kept in millionths of the currency's unit, so that sums are exact.
 *
 * @param micros millionths of a unit: 75000 is 0.075
 * @param currency the currency
 * @since 0.1
 */
public record Cost(long micros, Currency currency) {

  /** So much is a mistake; and millions of it can still be added up. */
  private static final long MOST = 1_000_000_000_000L;

  private static final int DECIMALS = 6;
  private static final BigDecimal MOST_UNITS = BigDecimal.valueOf(MOST, DECIMALS);

  /**
   * Checks the amount.
   *
   * @throws ConfigurationException if it is negative, or above a million units
   */
  public Cost {
    if (micros < 0 || micros > MOST) {
      throw wrongAmount();
    }
  }

  /**
   * So many units of a currency; more than six decimals are rounded, half to the even digit.
   *
   * @param units 0.075 for example
   * @param currency ISO 4217 code, {@code EUR} for example
   * @throws ConfigurationException if there is no such currency, or the amount is negative or above
   *     a million
   */
  public static Cost of(BigDecimal units, String currency) {
    return of(
        units,
        currency(currency)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "currency: must be an ISO 4217 code, EUR for example")));
  }

  /**
   * The same, with the amount in digits.
   *
   * @throws ConfigurationException if there is no such currency, or the amount is no number,
   *     negative or above a million
   */
  public static Cost of(String units, String currency) {
    BigDecimal number;
    try {
      number = new BigDecimal(units);
    } catch (NumberFormatException e) {
      throw new ConfigurationException("cost: must be a number, 0.075 for example");
    }
    return of(number, currency);
  }

  /**
   * The same, in a currency that is known.
   *
   * @throws ConfigurationException if the amount is negative or above a million
   */
  public static Cost of(BigDecimal units, Currency currency) {
    if (units.signum() < 0 || units.compareTo(MOST_UNITS) > 0) {
      throw wrongAmount();
    }
    // Of a number with a billion decimals, nothing is to be computed.
    boolean isNothing = (long) units.precision() - units.scale() < -DECIMALS;
    return new Cost(
        isNothing
            ? 0
            : units
                .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                .movePointRight(DECIMALS)
                .longValueExact(),
        currency);
  }

  private static ConfigurationException wrongAmount() {
    return new ConfigurationException("cost: must not be negative, nor above 1000000");
  }

  /** The currency of a code; empty if there is none. */
  public static Optional<Currency> currency(String code) {
    try {
      return Optional.of(Currency.getInstance(code));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** In units of the currency, with as many decimals as it has, or as are needed. */
  public BigDecimal amount() {
    return shown(BigDecimal.valueOf(micros, DECIMALS), currency);
  }

  static BigDecimal shown(BigDecimal units, Currency currency) {
    BigDecimal plain = units.stripTrailingZeros();
    int usual = Math.max(0, currency.getDefaultFractionDigits());
    return plain.scale() < usual
        ? plain.setScale(usual)
        : plain.scale() < 0 ? plain.setScale(0) : plain;
  }

  /** For example {@code 0.075 EUR}. */
  @Override
  public String toString() {
    return amount().toPlainString() + " " + currency.getCurrencyCode();
  }
}
