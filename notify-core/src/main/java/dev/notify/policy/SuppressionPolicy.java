package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.SuppressionList;

/** Nothing goes to an address on the suppression list. */
final class SuppressionPolicy implements DeliveryPolicy {

  private final SuppressionList suppressions;

  SuppressionPolicy(SuppressionList suppressions) {
    this.suppressions = suppressions;
  }

  @Override
  public Decision decide(PolicyRequest request) {
    return suppressions
        .find(request.address())
        .filter(entry -> entry.holdsFor(request.address(), request.at()))
        .map(
            entry ->
                Decision.suppress(
                    new Reason(Reason.SUPPRESSED_ADDRESS, entry.kind() + ": " + entry.cause())))
        .orElse(Decision.ALLOW);
  }
}
