package dev.notify.policy;

import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.OpenHours;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.OpenHoursStore;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts off to the hour at which the person mostly opens what they get. Only once, when it is
 * accepted: what holds it then decides alone. Thread-safe.
 *
 * @since 0.1
 */
public final class SendTimes implements DeliveryPolicy {

  private static final int SECONDS_OF_HOUR = 3_600;

  private final Map<String, SendTime> byCategory = new HashMap<>();
  private final OpenHoursStore hours;
  private final DeliveryTimes times;

  /**
   * Send times by these rules.
   *
   * @param times no hour is chosen at which these would not let it go
   * @throws ConfigurationException if a category has two
   */
  public SendTimes(List<SendTime> rules, OpenHoursStore hours, DeliveryTimes times) {
    for (SendTime rule : rules) {
      if (byCategory.put(rule.category(), rule) != null) {
        throw new ConfigurationException(
            "sendTime: category '" + rule.category() + "' has two of them");
      }
    }
    this.hours = hours;
    this.times = times;
  }

  /**
   * Told of the people who are sent something of a category next, so that many do not cost a query
   * each.
   */
  public void expect(String category, Collection<String> recipientIds) {
    if (byCategory.containsKey(category)) {
      hours.expect(recipientIds);
    }
  }

  @Override
  public Decision decide(PolicyRequest request) {
    SendTime rule = byCategory.get(request.category().name());
    if (rule == null
        || request.stage() == Stage.DELIVERY
        || request.notification().priority() == Priority.CRITICAL) {
      return Decision.ALLOW;
    }
    OpenHours known = hours.find(request.recipient().id());
    return known.total() >= rule.least() ? best(request, rule, known) : usual(request, rule);
  }

  private Decision best(PolicyRequest request, SendTime rule, OpenHours known) {
    ZonedDateTime hour = request.at().atZone(request.zone()).truncatedTo(ChronoUnit.HOURS);
    Instant latest = request.at().plus(rule.within());
    Instant best = request.at();
    double most = 0;
    // By the hours as they come, so that one that a clock change skips is none to choose.
    for (; !hour.toInstant().isAfter(latest); hour = hour.plusHours(1)) {
      Instant moment = moment(request, hour);
      double weight = known.weight(hour.getHour());
      if (weight > most && isFit(request, moment, latest)) {
        most = weight;
        best = moment;
      }
    }
    return decision(request, best, "opens most at this hour");
  }

  /** In the hour that goes on, now; else somewhere within it, so that not all come at its first. */
  private static Instant moment(PolicyRequest request, ZonedDateTime hour) {
    Instant begin = hour.toInstant();
    return begin.isAfter(request.at())
        ? begin.plusSeconds(Math.floorMod(request.recipient().id().hashCode(), SECONDS_OF_HOUR))
        : request.at();
  }

  private boolean isFit(PolicyRequest request, Instant moment, Instant latest) {
    return !moment.isAfter(latest)
        && moment.isBefore(request.expiresAt())
        && times.wait(request, moment).isEmpty();
  }

  private Decision usual(PolicyRequest request, SendTime rule) {
    if (rule.otherwise().isEmpty()) {
      return Decision.ALLOW;
    }
    ZonedDateTime now = request.at().atZone(request.zone());
    Instant today =
        now.toLocalDate().atTime(rule.otherwise().get()).atZone(now.getZone()).toInstant();
    Instant moment =
        today.isBefore(request.at())
            ? now.toLocalDate()
                .plusDays(1)
                .atTime(rule.otherwise().get())
                .atZone(now.getZone())
                .toInstant()
            : today;
    boolean fits = isFit(request, moment, request.at().plus(rule.within()));
    return decision(request, fits ? moment : request.at(), "too little is known; the usual time");
  }

  private static Decision decision(PolicyRequest request, Instant moment, String why) {
    return moment.isAfter(request.at())
        ? Decision.defer(moment, new Reason(Reason.SEND_TIME, why))
        : Decision.ALLOW;
  }
}
