package dev.notify.routing;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ChannelProviderFactory.Option;
import dev.notify.spi.ProviderOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds providers from properties {@code notify.CHANNEL.PROVIDER.OPTION}; {@code
 * notify.CHANNEL.chain=smtp,sendgrid} orders them. Every key that nobody knows is an error, since a
 * misspelt one would be a setting silently lost.
 *
 * @since 0.1
 */
public final class ChannelProviders {

  private static final String ROOT = "notify.";
  private static final String CHAIN = "chain";

  /** Settings of an application around the dispatcher stand behind this word. */
  private static final String SERVER = "server";

  private final Map<String, ChannelProviderFactory> factories = new TreeMap<>();
  private final Map<String, Map<String, String>> optionsByProvider = new LinkedHashMap<>();
  private final Map<String, List<String>> chains = new LinkedHashMap<>();

  private ChannelProviders(Iterable<ChannelProviderFactory> found) {
    found.forEach(factory -> factories.put(factory.channel() + "." + factory.provider(), factory));
  }

  /**
   * Builds every provider that the properties name, in the order of their chains.
   *
   * @param properties keys that do not begin with {@code notify.}, or begin with {@code
   *     notify.server.}, are left alone
   * @throws ConfigurationException naming the key that is unknown, missing or wrong
   */
  public static List<ChannelProvider> fromProperties(Map<?, ?> properties) {
    ChannelProviders providers =
        new ChannelProviders(ServiceLoader.load(ChannelProviderFactory.class));
    texts(properties).forEach(providers::read);
    return providers.build();
  }

  /** {@code Properties} show the defaults that they stand on by their names alone. */
  private static Map<String, String> texts(Map<?, ?> properties) {
    Map<String, String> texts = new TreeMap<>();
    if (properties instanceof Properties layered) {
      layered.stringPropertyNames().forEach(key -> texts.put(key, layered.getProperty(key)));
    }
    properties.forEach(
        (key, value) -> {
          if (key instanceof String name && name.startsWith(ROOT)) {
            texts.put(name, text(name, value));
          }
        });
    return texts;
  }

  /**
   * Every option of every provider on the class path, for documentation: key, then what it is for.
   */
  public static Map<String, Option> knownKeys() {
    Map<String, Option> keys = new TreeMap<>();
    for (ChannelProviderFactory factory : ServiceLoader.load(ChannelProviderFactory.class)) {
      for (Option option : factory.options()) {
        keys.put(ROOT + factory.channel() + "." + factory.provider() + "." + option.name(), option);
      }
    }
    return keys;
  }

  private static String text(String key, @Nullable Object value) {
    if (value == null) {
      throw new ConfigurationException(key + ": must not be null");
    }
    return value.toString();
  }

  private void read(String key, String value) {
    String[] words = key.split("\\.", 4);
    if (!key.startsWith(ROOT) || words[1].equals(SERVER)) {
      return;
    }
    if (words.length < 3) {
      throw new ConfigurationException(
          key + ": must be notify.CHANNEL.PROVIDER.OPTION or notify.CHANNEL.chain");
    }
    if (!isChannel(words[1])) {
      throw new ConfigurationException(
          key
              + ": no provider for channel '"
              + words[1]
              + "'; there are providers for "
              + factories.values().stream().map(f -> f.channel().name()).distinct().toList()
              + ". Is its artifact on the class path?");
    }
    if (words[2].equals(CHAIN) && words.length == 3) {
      chains.put(
          words[1],
          Arrays.stream(value.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList());
      return;
    }
    String provider = words[1] + "." + words[2];
    ChannelProviderFactory factory = factories.get(provider);
    if (factory == null) {
      throw new ConfigurationException(
          key
              + ": no provider '"
              + words[2]
              + "' for channel '"
              + words[1]
              + "'; there are "
              + names(words[1])
              + ". Is its artifact on the class path?");
    }
    if (words.length < 4
        || factory.options().stream().noneMatch(option -> option.name().equals(words[3]))) {
      throw new ConfigurationException(
          key
              + ": unknown; "
              + words[2]
              + " has "
              + factory.options().stream().map(Option::name).sorted().toList());
    }
    optionsByProvider.computeIfAbsent(provider, name -> new LinkedHashMap<>()).put(words[3], value);
  }

  private boolean isChannel(String word) {
    return factories.values().stream().anyMatch(factory -> factory.channel().name().equals(word));
  }

  private List<String> names(String channel) {
    return factories.values().stream()
        .filter(factory -> factory.channel().name().equals(channel))
        .map(ChannelProviderFactory::provider)
        .toList();
  }

  private List<ChannelProvider> build() {
    Map<String, List<String>> order = new LinkedHashMap<>();
    for (String provider : optionsByProvider.keySet()) {
      order.computeIfAbsent(channelOf(provider), channel -> new ArrayList<>()).add(provider);
    }
    chains.forEach((channel, names) -> order.put(channel, chain(channel, names, order)));
    List<ChannelProvider> built = new ArrayList<>();
    try {
      order.values().forEach(chain -> chain.forEach(provider -> built.add(create(provider))));
      return List.copyOf(built);
    } catch (RuntimeException e) {
      built.forEach(ChannelProvider::close);
      throw e;
    }
  }

  private List<String> chain(
      String channel, List<String> names, Map<String, List<String>> configured) {
    String key = ROOT + channel + "." + CHAIN;
    List<String> chain =
        names.stream().map(name -> channel + "." + name).collect(Collectors.toList());
    for (String provider : chain) {
      if (chain.indexOf(provider) != chain.lastIndexOf(provider)) {
        throw new ConfigurationException(key + ": names '" + provider + "' twice");
      }
      if (!factories.containsKey(provider)) {
        throw new ConfigurationException(
            key + ": no provider '" + provider + "'; there are " + names(channel));
      }
    }
    for (String provider : configured.getOrDefault(channel, List.of())) {
      if (!chain.contains(provider)) {
        throw new ConfigurationException(
            key + ": leaves out '" + provider + "', which has options set");
      }
    }
    return chain;
  }

  private ChannelProvider create(String provider) {
    ChannelProviderFactory factory = factories.get(provider);
    if (factory == null) {
      throw new ConfigurationException(ROOT + provider + ": no such provider");
    }
    ProviderOptions options =
        new ProviderOptions(ROOT + provider, optionsByProvider.getOrDefault(provider, Map.of()));
    factory.options().stream()
        .filter(Option::required)
        .forEach(option -> options.required(option.name()));
    return factory.create(options);
  }

  private static String channelOf(String provider) {
    return Channel.of(provider.substring(0, provider.indexOf('.'))).name();
  }
}
