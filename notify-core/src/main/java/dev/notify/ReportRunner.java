package dev.notify;

import dev.notify.model.Notification;
import dev.notify.model.NotifyException;
import dev.notify.model.RefusedException;
import dev.notify.spi.RollupStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the report of the day before, once it is time. Each node tries; the idempotency key of the
 * day lets one of them have its way.
 */
final class ReportRunner implements BackgroundLoop.Steps {

  private static final Logger log = LoggerFactory.getLogger(ReportRunner.class);

  /** Who starts later on than this leaves it out; a key that has ended would not stop it. */
  private static final Duration LATEST = Duration.ofHours(12);

  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Wiring wiring;
  private final Intake intake;
  private final DailyReport settings;
  private final Analytics analytics;
  private final Duration latest;
  private Optional<LocalDate> done = Optional.empty();

  ReportRunner(Wiring wiring, Intake intake, DailyReport settings, RollupStore store) {
    this.wiring = wiring;
    this.intake = intake;
    this.settings = settings;
    analytics = new Analytics(store);
    Duration window = wiring.idempotencyWindow();
    latest = window.compareTo(LATEST) < 0 ? window : LATEST;
    if (!wiring.parts().store().isDurable()) {
      // What this process has not seen, it cannot tell of.
      done = Optional.of(today().minusDays(dueOn(today()).isAfter(wiring.now()) ? 1 : 0));
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(wiring.now(), settings.zone());
  }

  /** In a gap of the clocks, at the gap's end. */
  private Instant dueOn(LocalDate day) {
    return ZonedDateTime.of(day, settings.time(), settings.zone()).toInstant();
  }

  @Override
  public Optional<Instant> steps() {
    Instant now = wiring.now();
    LocalDate today = today();
    Instant due = dueOn(today);
    if (now.isBefore(due)) {
      return Optional.of(due);
    }
    boolean isDone = done.filter(day -> !day.isBefore(today)).isPresent();
    if (!isDone && now.isBefore(due.plus(latest)) && !send(today.minusDays(1))) {
      return Optional.of(now.plus(AGAIN));
    }
    done = Optional.of(today);
    return Optional.of(dueOn(today.plusDays(1)));
  }

  /** Whether it needs not be tried again. */
  private boolean send(LocalDate day) {
    boolean finished = true;
    for (Notification notification :
        settings.notifications(analytics.report(day, settings.zone()))) {
      try {
        SendReceipt ignored = intake.send(notification, wiring.parts().store());
      } catch (RefusedException e) {
        // Another node has sent it, and has counted a little less or more.
        finished &= e.why() == RefusedException.Why.KEY_REUSED;
      } catch (NotifyException e) {
        log.warn("the report of {} cannot be sent: {}", day, e.getMessage());
      }
    }
    return finished;
  }
}
