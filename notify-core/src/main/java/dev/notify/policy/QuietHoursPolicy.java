package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.Priority;
import dev.notify.model.QuietHours;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import java.time.Instant;
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
    Optional<QuietHours> own = request.preferences().quietHours();
    Optional<QuietHours> hours = own.isPresent() ? own : byDefault;
    if (hours.isEmpty()) {
      return Decision.ALLOW;
    }
    Optional<Instant> end = hours.get().endOf(request.at(), request.zone());
    return end.isEmpty()
        ? Decision.ALLOW
        : Decision.defer(
            end.get(), new Reason(Reason.QUIET_HOURS, hours.get() + " " + request.zone()));
  }
}
