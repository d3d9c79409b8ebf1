package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.QuietWeek;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.SuppressionList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks policies one after the other; the first that does not allow has the say. Thread-safe.
 *
 * @since 0.1
 */
public final class PolicyChain implements DeliveryPolicy {

  /** An array, for it is gone through twice for each message. */
  private final DeliveryPolicy[] policies;

  private PolicyChain(List<DeliveryPolicy> policies) {
    this.policies = List.copyOf(policies).toArray(DeliveryPolicy[]::new);
  }

  /**
   * The policies of the house in their order, with the application's own before quiet hours: what
   * counts comes last, so that nothing is counted that another policy holds back.
   */
  public static PolicyChain standard(
      SuppressionList suppressions,
      Optional<QuietWeek> defaultQuietHours,
      FrequencyCaps caps,
      List<DeliveryPolicy> own) {
    return standard(suppressions, new DeliveryTimes(defaultQuietHours, List.of()), caps, own);
  }

  /** The same, with delivery windows beside the quiet hours. */
  public static PolicyChain standard(
      SuppressionList suppressions,
      DeliveryTimes times,
      FrequencyCaps caps,
      List<DeliveryPolicy> own) {
    List<DeliveryPolicy> policies = new ArrayList<>();
    policies.add(new SuppressionPolicy(suppressions));
    policies.add(new PreferencePolicy());
    policies.addAll(own);
    policies.add(times);
    policies.add(caps);
    return new PolicyChain(policies);
  }

  @Override
  public Decision decide(PolicyRequest request) {
    if (!request.at().isBefore(request.expiresAt())) {
      return Decision.suppress(new Reason(Reason.EXPIRED, "of use until " + request.expiresAt()));
    }
    for (DeliveryPolicy policy : policies) {
      Decision decision = policy.decide(request);
      if (decision instanceof Decision.Defer defer
          && !defer.until().isBefore(request.expiresAt())) {
        return Decision.suppress(
            new Reason(
                Reason.EXPIRED,
                defer.reason() + " until " + defer.until() + ", too late to be of use"));
      }
      if (!(decision instanceof Decision.Allow)) {
        return decision;
      }
    }
    return Decision.ALLOW;
  }

  @Override
  public void undo(PolicyRequest request) {
    for (DeliveryPolicy policy : policies) {
      policy.undo(request);
    }
  }
}
