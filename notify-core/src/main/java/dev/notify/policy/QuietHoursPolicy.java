package dev.notify.policy;

import dev.notify.model.Decision;
import dev.notify.model.Priority;
import dev.notify.model.QuietWeek;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import java.time.Instant;
import java.util.Optional;

/** Puts off to the end of the person's quiet hours, unless the message may pass. */
final class QuietHoursPolicy implements DeliveryPolicy {

  private final Optional<QuietWeek> byDefault;

  QuietHoursPolicy(Optional<QuietWeek> byDefault) {
    this.byDefault = byDefault;
  }

  @Override
  public Decision decide(PolicyRequest request) {
    if (request.notification().priority() == Priority.CRITICAL
        || request.category().passesQuietHours()) {
      return Decision.ALLOW;
    }
    Optional<QuietWeek> own = request.preferences().quietHoursFor(request.channel());
    Optional<QuietWeek> hours = own.isPresent() ? own : byDefault;
    if (hours.isEmpty()) {
      return Decision.ALLOW;
    }
    Optional<Instant> end = hours.get().endOf(request.at(), request.zone());
    return end.isEmpty()
        ? Decision.ALLOW
        : Decision.defer(
            end.get(),
            new Reason(Reason.QUIET_HOURS, hours.get() + " " + request.zone() + whose(request)));
  }

  private static String whose(PolicyRequest request) {
    if (request.preferences().quietHoursOn().containsKey(request.channel())) {
      return ", chosen for " + request.channel();
    }
    return request.preferences().quietHours().isPresent() ? ", chosen" : "";
  }
}
