package dev.notify.policy;

import dev.notify.model.Channel;
import dev.notify.model.Decision;
import dev.notify.model.Priority;
import dev.notify.model.QuietWeek;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts off to a moment that is neither within the person's quiet hours nor outside the delivery
 * windows, unless the message may pass. Thread-safe.
 *
 * @since 0.1
 */
public final class DeliveryTimes implements DeliveryPolicy {

  private final Optional<QuietWeek> quietByDefault;
  private final Map<Scope, Windows> windows = new HashMap<>();

  private record Scope(Optional<String> category, Optional<Channel> channel) {}

  private record Windows(List<DeliveryWindow> open, QuietWeek closed) {}

  /**
   * Times to deliver at.
   *
   * @param quietByDefault quiet hours of people who have not set their own
   */
  public DeliveryTimes(Optional<QuietWeek> quietByDefault, List<DeliveryWindow> windows) {
    this.quietByDefault = quietByDefault;
    Map<Scope, List<DeliveryWindow>> byScope = new HashMap<>();
    for (DeliveryWindow window : windows) {
      byScope
          .computeIfAbsent(
              new Scope(window.category(), window.channel()), scope -> new ArrayList<>())
          .add(window);
    }
    byScope.forEach(
        (scope, open) ->
            this.windows.put(scope, new Windows(List.copyOf(open), DeliveryWindow.closed(open))));
  }

  @Override
  public Decision decide(PolicyRequest request) {
    return wait(request, request.at()).<Decision>map(wait -> wait).orElse(Decision.ALLOW);
  }

  /** How long it would have to wait at a moment; empty if it may go then. */
  Optional<Decision.Defer> wait(PolicyRequest request, Instant moment) {
    if (request.notification().priority() == Priority.CRITICAL) {
      return Optional.empty();
    }
    Optional<QuietWeek> quiet =
        request.category().passesQuietHours() ? Optional.empty() : quietHours(request);
    Optional<Windows> open = windows(request);
    if (quiet.isEmpty() && open.isEmpty()) {
      return Optional.empty();
    }
    Optional<Reason> why = Optional.empty();
    Instant until = moment;
    // Each closes where the other opens, perhaps; what is too late in the end need not be known.
    for (Optional<Instant> next = Optional.of(moment);
        next.isPresent() && !request.expiresAt().isBefore(until); ) {
      until = next.get();
      Instant now = until;
      next = quiet.flatMap(hours -> hours.endOf(now, request.zone()));
      if (next.isPresent() && why.isEmpty()) {
        why = Optional.of(quiet(request, quiet.get()));
      }
      if (next.isEmpty()) {
        next = open.flatMap(hours -> hours.closed().endOf(now, request.zone()));
        if (next.isPresent() && why.isEmpty()) {
          why = Optional.of(closed(request, open.get()));
        }
      }
    }
    Instant end = until;
    return why.map(reason -> new Decision.Defer(end, reason));
  }

  private Optional<QuietWeek> quietHours(PolicyRequest request) {
    Optional<QuietWeek> own = request.preferences().quietHoursFor(request.channel());
    return own.isPresent() ? own : quietByDefault;
  }

  /** Those of the most exact scope. What passes quiet hours passes those that do not name it. */
  private Optional<Windows> windows(PolicyRequest request) {
    if (windows.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> category = Optional.of(request.category().name());
    Optional<Channel> channel = Optional.of(request.channel());
    return find(category, channel)
        .or(() -> find(category, Optional.empty()))
        .or(
            () ->
                request.category().passesQuietHours()
                    ? Optional.empty()
                    : find(Optional.empty(), channel)
                        .or(() -> find(Optional.empty(), Optional.empty())));
  }

  private Optional<Windows> find(Optional<String> category, Optional<Channel> channel) {
    return Optional.ofNullable(windows.get(new Scope(category, channel)));
  }

  private static Reason quiet(PolicyRequest request, QuietWeek hours) {
    return new Reason(Reason.QUIET_HOURS, hours + " " + request.zone() + whose(request));
  }

  private static String whose(PolicyRequest request) {
    if (request.preferences().quietHoursOn().containsKey(request.channel())) {
      return ", chosen for " + request.channel();
    }
    return request.preferences().quietHours().isPresent() ? ", chosen" : "";
  }

  private static Reason closed(PolicyRequest request, Windows windows) {
    return new Reason(Reason.DELIVERY_WINDOW, "only " + windows.open() + " " + request.zone());
  }
}
