package dev.notify.spi;

import dev.notify.model.Cost;
import java.util.Map;
import java.util.Optional;

/**
 * What a provider takes for a message, by your contract with it. Asked once for each delivery, when
 * the provider has taken it; the sums are in {@link dev.notify.model.Funnel.Row#cost()}.
 *
 * <p>Thread-safe and fast, for it is asked between two sends: a look into a table, not a call over
 * the network. One that throws leaves the delivery without a cost, and nothing else happens.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Pricing {

  /** Knows no price. */
  Pricing NONE = (provider, message) -> Optional.empty();

  /**
   * What this message costs.
   *
   * @param provider the name of the provider that took it
   * @param message as the provider got it
   * @return empty if that is not known
   */
  Optional<Cost> of(String provider, OutboundMessage message);

  /** Where this one knows no price, what the other one says. */
  default Pricing or(Pricing other) {
    return (provider, message) -> of(provider, message).or(() -> other.of(provider, message));
  }

  /**
   * The same for each message of a provider.
   *
   * @param prices by the provider's name
   */
  static Pricing perMessage(Map<String, Cost> prices) {
    Map<String, Cost> fixed = Map.copyOf(prices);
    return (provider, message) -> Optional.ofNullable(fixed.get(provider));
  }
}
