package dev.notify.sms;

import dev.notify.http.Setting;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Something by the first digits of a number; the longest prefix that fits wins. Immutable. */
final class Prefixes<T> {

  private static final Pattern PREFIX = Pattern.compile("\\+[1-9]\\d{0,14}");

  private final Map<String, T> values;

  private Prefixes(Map<String, T> values) {
    this.values = values;
  }

  static <T> Prefixes<T> none() {
    return new Prefixes<>(Map.of());
  }

  /**
   * These and one more, which takes the place of one for the same prefix.
   *
   * @throws dev.notify.model.ConfigurationException if it is no prefix
   */
  Prefixes<T> with(String prefix, T value) {
    Setting.matching(PREFIX, "prefix", prefix, "+ and the first digits of a number in E.164 form");
    Map<String, T> more = new HashMap<>(values);
    more.put(prefix, value);
    return new Prefixes<>(Map.copyOf(more));
  }

  /** What stands for the longest prefix of this number. */
  Optional<T> of(String number) {
    for (int length = Math.min(number.length(), 16); length > 1; length--) {
      T value = values.get(number.substring(0, length));
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  int size() {
    return values.size();
  }
}
