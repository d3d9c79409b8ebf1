package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.Reason;
import dev.notify.model.Suppression;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.SuppressionList;
import java.util.Optional;

/** Nothing goes to an address on the suppression list. */
final class SuppressionPolicy implements DeliveryPolicy {

  private final SuppressionList suppressions;

  SuppressionPolicy(SuppressionList suppressions) {
    this.suppressions = suppressions;
  }

  @Override
  public Decision decide(PolicyRequest request) {
    Optional<Suppression> found = suppressions.find(request.address());
    if (found.isEmpty() || !found.get().holdsFor(request.address(), request.at())) {
      return Decision.ALLOW;
    }
    String why = found.get().kind() + ": " + found.get().cause();
    return Decision.suppress(new Reason(Reason.SUPPRESSED_ADDRESS, why));
  }
}
