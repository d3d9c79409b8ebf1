package dev.notify.sms;

import dev.notify.http.Setting;
import java.util.regex.Pattern;

/** Who a text message says it comes from. */
final class SenderId {

  private static final Pattern FORM =
      Pattern.compile(
          PhoneNumber.E164.pattern() + "|\\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 &+_-]{0,10}");

  private SenderId() {}

  /**
   * Checks the {@code from} option.
   *
   * @throws dev.notify.model.ConfigurationException if it is no number, short code or name
   */
  static String checked(String value) {
    return Setting.matching(
        FORM, "from", value, "a number in E.164 form, a short code or a sender name");
  }
}
