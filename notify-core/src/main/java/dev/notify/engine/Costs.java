package dev.notify.engine;

import dev.notify.model.Cost;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.Pricing;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks what a message costs that a provider has taken already. */
final class Costs {

  private static final Logger log = LoggerFactory.getLogger(Costs.class);

  private Costs() {}

  /** Whatever goes wrong here must not keep anybody from writing down that the message is sent. */
  static Optional<Cost> of(Pricing prices, String provider, OutboundMessage message) {
    try {
      return Objects.requireNonNull(prices.of(provider, message), "cost");
    } catch (RuntimeException | Error e) {
      // What it says may quote the message.
      log.warn(
          "delivery {} counts without a cost, the prices of {} threw {}",
          message.deliveryId(),
          provider,
          e.getClass().getName());
      log.trace("which threw", e);
      return Optional.empty();
    }
  }
}
