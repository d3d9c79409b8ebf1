package dev.notify.sms;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Phone numbers in international form (ITU-T E.164), the only one that means the same everywhere.
 */
final class PhoneNumber {

  static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{6,14}");

  private PhoneNumber() {}

  /** A number as vendors write it that want no {@code +}; anything else as it is. */
  static String withoutPlus(String number) {
    return E164.matcher(number).matches() ? number.substring(1) : number;
  }

  /** Why this is no number that a text message can go to. */
  static Optional<String> problemWith(Address address) {
    if (!address.channel().equals(Channel.SMS)) {
      return Optional.of("carries text messages, not " + address.channel());
    }
    if (address.type().isPresent()) {
      return Optional.of("takes plain phone numbers, not addresses of a type");
    }
    if (!E164.matcher(address.value()).matches()) {
      return Optional.of(
          "must be a phone number in E.164 form: +, country code, number, no spaces");
    }
    return PhoneNumbers.isPossible(address.value())
        ? Optional.empty()
        : Optional.of(
            "is no possible phone number: unknown country code, or too short or too long for it");
  }
}
