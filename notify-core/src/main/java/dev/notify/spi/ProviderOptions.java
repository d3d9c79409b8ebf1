package dev.notify.spi;

import dev.notify.model.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The options of one provider, with the full key in every error. {@code toString} shows names only,
 * since values may be secret.
 *
 * @since 0.1
 */
public final class ProviderOptions {

  private final String prefix;
  private final Map<String, String> values;

  /** Options as they stand behind {@code prefix}, for example {@code notify.sms.twilio}. */
  public ProviderOptions(String prefix, Map<String, String> values) {
    this.prefix = prefix;
    this.values = Map.copyOf(values);
  }

  /** The full key of an option. */
  public String key(String option) {
    return prefix + "." + option;
  }

  /** An option's text, if it is set and not blank. */
  public Optional<String> text(String option) {
    return Optional.ofNullable(values.get(option))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /** An option's text, or an error that names the key. */
  public String required(String option) {
    return text(option)
        .orElseThrow(() -> new ConfigurationException(key(option) + ": must be set"));
  }

  /** A whole number within bounds. */
  public Optional<Integer> integer(String option, int least, int most) {
    return text(option)
        .map(
            text -> {
              try {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException e) {
                // Said below, in the same words as a number out of bounds.
              }
              throw new ConfigurationException(
                  key(option) + ": must be a whole number from " + least + " to " + most);
            });
  }

  /** A duration in ISO-8601 form, {@code PT10S}. */
  public Optional<Duration> duration(String option) {
    return text(option)
        .map(
            text -> {
              try {
                return Duration.parse(text);
              } catch (DateTimeParseException e) {
                throw new ConfigurationException(
                    key(option) + ": must be a duration such as PT10S");
              }
            });
  }

  /** An absolute http or https address. */
  public Optional<URI> uri(String option) {
    return text(option)
        .map(
            text -> {
              try {
                URI uri = URI.create(text);
                if (uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                  return uri;
                }
              } catch (IllegalArgumentException e) {
                // Said below.
              }
              throw new ConfigurationException(
                  key(option) + ": must be an absolute http or https address");
            });
  }

  /** One of a few words, in any case; underscores in the constant are hyphens in the text. */
  public <E extends Enum<E>> Optional<E> word(String option, Class<E> type) {
    return text(option)
        .map(
            text -> {
              for (E constant : type.getEnumConstants()) {
                if (wordOf(constant).equals(text.toLowerCase(Locale.ROOT))) {
                  return constant;
                }
              }
              throw new ConfigurationException(
                  key(option)
                      + ": must be one of "
                      + List.of(type.getEnumConstants()).stream()
                          .map(ProviderOptions::wordOf)
                          .toList());
            });
  }

  private static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return "ProviderOptions[" + prefix + ", " + values.keySet() + "]";
  }
}
