package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.Priority;
import dev.notify.model.QuietHours;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import java.util.Optional;

/** Puts off to the end of the person's quiet hours, unless the message may pass. */
final class QuietHoursPolicy implements DeliveryPolicy {

  private final Optional<QuietHours> byDefault;

  QuietHoursPolicy(Optional<QuietHours> byDefault) {
    this.byDefault = byDefault;
  }

  @Override
  public Decision decide(PolicyRequest request) {
    if (request.notification().priority() == Priority.CRITICAL
        || request.category().passesQuietHours()) {
      return Decision.ALLOW;
    }
    Optional<QuietHours> hours = request.preferences().quietHours().or(() -> byDefault);
    return hours
        .flatMap(quiet -> quiet.endOf(request.at(), request.zone()))
        .map(
            end ->
                Decision.defer(
                    end, new Reason(Reason.QUIET_HOURS, hours.get() + " " + request.zone())))
        .orElse(Decision.ALLOW);
  }
}
