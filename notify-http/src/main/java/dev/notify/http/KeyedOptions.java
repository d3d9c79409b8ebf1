package dev.notify.http;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProviderFactory.Option;
import dev.notify.spi.ProviderOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hands options to a builder's setters, so that what a setter refuses is reported under the key
 * that the user wrote. Not thread-safe.
 *
 * @since 0.1
 */
public final class KeyedOptions {

  /** The options that every HTTP provider has. */
  public static final List<Option> COMMON =
      List.of(
          Option.optional(
              "base-url", "address of the vendor or of a sandbox; the vendor's by default"),
          Option.optional("connect-timeout", "time for a connection to stand; PT5S by default"),
          Option.optional("read-timeout", "time for an answer; PT15S by default"));

  private final ProviderOptions options;

  /** Takes values from these options. */
  public KeyedOptions(ProviderOptions options) {
    this.options = options;
  }

  /** Hands over a text that must be there. */
  public KeyedOptions required(String option, Consumer<String> setter) {
    return set(option, Optional.of(options.required(option)), setter);
  }

  /** Hands over a text if it is there. */
  public KeyedOptions text(String option, Consumer<String> setter) {
    return set(option, options.text(option), setter);
  }

  /** Hands over a duration if it is there. */
  public KeyedOptions duration(String option, Consumer<Duration> setter) {
    return set(option, options.duration(option), setter);
  }

  /** Hands over a value if it is there, and puts the key before what the setter has to say. */
  public <T> KeyedOptions set(String option, Optional<T> value, Consumer<T> setter) {
    try {
      value.ifPresent(setter);
      return this;
    } catch (ConfigurationException e) {
      throw new ConfigurationException(options.key(option) + ": " + e.getMessage(), e);
    }
  }
}
