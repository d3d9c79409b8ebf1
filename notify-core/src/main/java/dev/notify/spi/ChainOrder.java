package dev.notify.spi;

import dev.notify.model.ConfigurationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/**
 * In which order the providers of a channel are asked for a message. The first takes it; the others
 * stand by for when it cannot. Without one, that is the order in which they were added.
 *
 * <p>It must answer the same for the same message each time: an attempt that is repeated goes to
 * the provider that had it first. Thread-safe, fast, and never throws.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ChainOrder {

  /**
   * The order for a message.
   *
   * @param providers names of all providers of the channel, in the order in which they were added
   * @return names in the order to ask; a provider that is left out is not asked, a name that is not
   *     among them is passed over
   */
  List<String> of(OutboundMessage message, List<String> providers);

  /**
   * Shares messages out by weight: with 9 and 1 the first provider begins with nine in ten. The
   * other one stands by. Who shares in what is chance, but the same at each attempt.
   *
   * @param weights by provider; one that is not named, or has 0, only stands by
   */
  static ChainOrder weighted(Map<String, Integer> weights) {
    Map<String, Integer> fixed = new LinkedHashMap<>(weights);
    fixed.forEach(
        (provider, weight) -> {
          if (weight < 0) {
            throw new ConfigurationException("weight of " + provider + ": must not be negative");
          }
        });
    return (message, providers) -> {
      long sum = providers.stream().mapToLong(name -> fixed.getOrDefault(name, 0)).sum();
      if (sum == 0) {
        return providers;
      }
      // A delivery's id ends in bits of chance.
      long drawn =
          Long.remainderUnsigned(message.deliveryId().value().getLeastSignificantBits(), sum);
      for (String name : providers) {
        drawn -= fixed.getOrDefault(name, 0);
        if (drawn < 0) {
          return first(name, providers);
        }
      }
      return providers;
    };
  }

  /**
   * By the number a text message goes to: the longest prefix that fits decides who is asked first,
   * for example {@code +49} or {@code +1204}. The others stand by.
   *
   * @param providers names in order, by prefix in E.164 form
   */
  static ChainOrder byPrefix(Map<String, List<String>> providers) {
    Map<String, List<String>> fixed = new LinkedHashMap<>();
    providers.entrySet().stream()
        .sorted(Comparator.comparing(entry -> -entry.getKey().length()))
        .forEach(entry -> fixed.put(entry.getKey(), List.copyOf(entry.getValue())));
    return (message, all) -> {
      for (Map.Entry<String, List<String>> entry : fixed.entrySet()) {
        if (message.address().value().startsWith(entry.getKey())) {
          List<String> order = new ArrayList<>(entry.getValue());
          all.stream().filter(name -> !order.contains(name)).forEach(order::add);
          return order;
        }
      }
      return all;
    };
  }

  /**
   * The cheapest first; of equal ones, the one added first.
   *
   * @param cost what a message costs with a provider, in whatever unit is the same for all
   */
  static ChainOrder cheapest(ToDoubleBiFunction<String, OutboundMessage> cost) {
    return (message, providers) ->
        providers.stream()
            .sorted(Comparator.comparingDouble(name -> cost.applyAsDouble(name, message)))
            .toList();
  }

  private static List<String> first(String name, List<String> providers) {
    List<String> order = new ArrayList<>(providers.size());
    order.add(name);
    providers.stream().filter(other -> !other.equals(name)).forEach(order::add);
    return order;
  }
}
