package dev.notify.spi;

import dev.notify.model.Channel;
import java.util.List;

/**
 * Builds a provider from properties {@code notify.CHANNEL.PROVIDER.OPTION}. Found by {@link
 * java.util.ServiceLoader}.
 *
 * @since 0.1
 */
public interface ChannelProviderFactory {

  /** The channel, second part of the key. */
  Channel channel();

  /** The vendor, third part of the key. */
  String provider();

  /** Every option there is. A key that is not among them is an error. */
  List<Option> options();

  /**
   * Builds the provider.
   *
   * @throws dev.notify.model.ConfigurationException naming the key that is missing or wrong
   */
  ChannelProvider create(ProviderOptions options);

  /**
   * An option and what it is for.
   *
   * @param name last part of the key
   * @param required whether the provider cannot be built without it
   * @param description one line for the documentation, with the default where there is one
   */
  record Option(String name, boolean required, String description) {

    /** An option that must be set. */
    public static Option required(String name, String description) {
      return new Option(name, true, description);
    }

    /** An option that may be left out. */
    public static Option optional(String name, String description) {
      return new Option(name, false, description);
    }
  }
}
