package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.Notification;
import dev.notify.model.Reason;
import dev.notify.model.Subject;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Asks the application again, just before delivery, whether what a notification says about its
 * subject still holds.
 *
 * @since 0.1
 */
public final class SubjectConditions implements DeliveryPolicy {

  private final Map<String, Predicate<Notification>> byType;

  /** Conditions by type of subject. */
  public SubjectConditions(Map<String, Predicate<Notification>> byType) {
    this.byType = Map.copyOf(byType);
  }

  @Override
  public Decision decide(PolicyRequest request) {
    if (byType.isEmpty()
        || request.stage() != Stage.DELIVERY
        || request.notification().about().isEmpty()) {
      return Decision.ALLOW;
    }
    Subject subject = request.notification().about().get();
    Predicate<Notification> condition = byType.get(subject.type());
    return condition == null || condition.test(request.notification())
        ? Decision.ALLOW
        : Decision.suppress(new Reason(Reason.NO_LONGER_TRUE, "condition of " + subject.type()));
  }
}
