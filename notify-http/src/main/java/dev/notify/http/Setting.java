package dev.notify.http;

import dev.notify.model.ConfigurationException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks of a builder's options. Errors name the option and never show the value, which may be
 * secret.
 *
 * @since 0.1
 */
public final class Setting {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,62}");

  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]+");

  private Setting() {}

  /** A provider's name, which stands in logs, metrics and stored deliveries. */
  public static String name(String value) {
    return matching(NAME, "name", value, "lower-case letters, digits and . _ -, a letter first");
  }

  /** A text of this form. */
  public static String matching(Pattern form, String option, String value, String expected) {
    if (!form.matcher(value).matches()) {
      throw new ConfigurationException(option + ": must be " + expected);
    }
    return value;
  }

  /** A secret that a vendor gave: visible ASCII characters, as a header can carry them. */
  public static String secret(String option, String value, String expected) {
    return matching(SECRET, option, value, expected + ", without spaces");
  }

  /** An option that has to be set before the provider is built. */
  public static <T> T required(String option, Optional<T> value) {
    return value.orElseThrow(() -> new ConfigurationException(option + ": must be set"));
  }
}
