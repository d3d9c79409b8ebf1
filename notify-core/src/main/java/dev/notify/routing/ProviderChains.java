package dev.notify.routing;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Digest;
import dev.notify.spi.ChannelProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The providers of each channel in the order in which they are asked. Immutable.
 *
 * @since 0.1
 */
public final class ProviderChains {

  private final Map<Channel, List<ChannelProvider>> chains;

  /**
   * Chains in the order the providers are given.
   *
   * @throws ConfigurationException if two providers have the same name
   */
  public ProviderChains(Collection<? extends ChannelProvider> providers) {
    Set<String> names = new HashSet<>();
    Map<Channel, List<ChannelProvider>> ordered = new LinkedHashMap<>();
    for (ChannelProvider provider : providers) {
      if (!names.add(provider.name())) {
        throw new ConfigurationException(
            "provider: two are called '" + provider.name() + "'; give one of them another name");
      }
      if (provider.channel().equals(Digest.CHANNEL)) {
        throw new ConfigurationException(
            "provider: '" + provider.name() + "' has channel 'digest', which is not for providers");
      }
      ordered.computeIfAbsent(provider.channel(), channel -> new ArrayList<>()).add(provider);
    }
    ordered.replaceAll((channel, chain) -> List.copyOf(chain));
    chains = ordered;
  }

  /** The channels that have a provider, in the order of their first ones. */
  public Set<Channel> channels() {
    return Collections.unmodifiableSet(chains.keySet());
  }

  /** All providers of a channel in order. */
  public List<ChannelProvider> of(Channel channel) {
    return chains.getOrDefault(channel, List.of());
  }

  /** All providers. */
  public List<ChannelProvider> all() {
    return chains.values().stream().flatMap(List::stream).toList();
  }

  /** The provider of this name on a channel. */
  public Optional<ChannelProvider> find(Channel channel, String name) {
    return of(channel).stream().filter(provider -> provider.name().equals(name)).findFirst();
  }

  /** Why no provider can use this address; empty if one can. */
  public Optional<String> problemWith(Address address) {
    List<ChannelProvider> chain = of(address.channel());
    if (chain.isEmpty()) {
      return Optional.of("no provider for channel '" + address.channel() + "'");
    }
    Optional<String> first = Optional.empty();
    for (ChannelProvider provider : chain) {
      Optional<String> problem = provider.problemWith(address);
      if (problem.isEmpty()) {
        return problem;
      }
      first = first.or(() -> problem);
    }
    return first;
  }

  /** Why no provider of this channel can carry this content; empty if one can. */
  public Optional<String> problemWith(Channel channel, Content content) {
    Optional<String> first = Optional.empty();
    for (ChannelProvider provider : of(channel)) {
      Optional<String> problem = provider.problemWith(content);
      if (problem.isEmpty()) {
        return problem;
      }
      first = first.or(() -> problem);
    }
    return first;
  }
}
