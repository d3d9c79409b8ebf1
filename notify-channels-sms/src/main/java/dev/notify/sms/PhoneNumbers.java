package dev.notify.sms;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes international numbers of what people write, for an application that stores numbers as they
 * were typed in. Addresses of text messages are in E.164 form only, since nothing else means the
 * same everywhere.
 *
 * <p>By <a href="https://github.com/google/libphonenumber">libphonenumber</a>. It judges the length
 * of a number by its country, and not whether the number is given out: that changes faster than a
 * library does. Thread-safe.
 *
 * @since 0.1
 */
public final class PhoneNumbers {

  private static final String NO_REGION = "ZZ";

  private PhoneNumbers() {}

  /**
   * The number in E.164 form, {@code +4915155501234} of {@code 0151 555 01234} in {@code DE}.
   *
   * @param text a local or an international number, with spaces and signs as people write them
   * @param defaultRegion the country of a number without a country code, in two letters (ISO
   *     3166-1), {@code DE} for example
   * @return empty if it is no number that a message can go to: no number at all, too short or too
   *     long for its country, without its area code, with an extension, or with letters, which the
   *     library would dial
   * @throws IllegalArgumentException if the region is none
   */
  public static Optional<String> normalised(String text, String defaultRegion) {
    String region = defaultRegion.toUpperCase(Locale.ROOT);
    PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    if (!numbers.getSupportedRegions().contains(region)) {
      throw new IllegalArgumentException(
          "defaultRegion: must be a country in two letters, DE for example");
    }
    if (text.strip().replaceFirst("^tel:", "").chars().anyMatch(Character::isLetter)) {
      return Optional.empty();
    }
    try {
      Phonenumber.PhoneNumber number = numbers.parse(text, region);
      if (number.hasExtension() || !isPossible(number)) {
        return Optional.empty();
      }
      return Optional.of(numbers.format(number, PhoneNumberFormat.E164))
          .filter(form -> PhoneNumber.E164.matcher(form).matches());
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a number in E.164 form has a country, and a length that is dialled there from abroad.
   */
  static boolean isPossible(String e164) {
    try {
      return isPossible(PhoneNumberUtil.getInstance().parse(e164, NO_REGION));
    } catch (NumberParseException e) {
      return false;
    }
  }

  /** A number that is possible only within its area would be nobody's, or another's, abroad. */
  private static boolean isPossible(Phonenumber.PhoneNumber number) {
    return PhoneNumberUtil.getInstance().isPossibleNumberWithReason(number)
        == ValidationResult.IS_POSSIBLE;
  }
}
