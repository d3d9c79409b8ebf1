package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.RollupStore;
import dev.notify.spi.ScheduleStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How notifications come in, one by one, and by what goes on in the background. */
final class Background {

  private final Wiring wiring;
  private final Intake intake;
  private final Broadcasts broadcasts;
  private final Optional<Schedules> schedules;
  private final BackgroundLoop digestLoop;
  private final BackgroundLoop broadcastLoop;
  private final BackgroundLoop scheduleLoop;
  private final BackgroundLoop reportLoop;

  Background(Wiring wiring, DeliveryEngine engine) {
    this.wiring = wiring;
    Deliberation deliberation = new Deliberation(wiring);
    digestLoop =
        new BackgroundLoop(
            wiring,
            "digests",
            wiring.digested().isPresent() ? Duration.ofSeconds(1) : Duration.ofMinutes(1),
            wiring.digests().map(store -> new DigestRunner(wiring, engine, deliberation, store)));
    intake = new Intake(wiring, engine, deliberation, digestLoop);
    Expander expander = new Expander(wiring, deliberation);
    broadcastLoop =
        new BackgroundLoop(
            wiring,
            "broadcasts",
            Duration.ofSeconds(1),
            wiring
                .parts()
                .store()
                .broadcasts()
                .map(store -> new BroadcastRunner(wiring, engine, store, expander)));
    broadcasts = new Broadcasts(wiring, engine, expander, broadcastLoop);
    Optional<ScheduleStore> recurring = wiring.parts().store().schedules();
    scheduleLoop =
        new BackgroundLoop(
            wiring,
            "schedules",
            Duration.ofSeconds(5),
            recurring.map(store -> new ScheduleRunner(wiring, engine, store, intake, broadcasts)));
    schedules = recurring.map(store -> new Schedules(wiring, store, expander, scheduleLoop));
    reportLoop =
        new BackgroundLoop(
            wiring,
            "reports",
            Duration.ofMinutes(1),
            wiring
                .report()
                .map(settings -> new ReportRunner(wiring, intake, settings, analyticsStore())));
  }

  Intake intake() {
    return intake;
  }

  Broadcasts broadcasts() {
    return broadcasts;
  }

  Optional<Schedules> schedules() {
    return schedules;
  }

  RollupStore analyticsStore() {
    return wiring
        .parts()
        .store()
        .rollups()
        .orElseThrow(() -> new ConfigurationException("store: does not count for analytics"));
  }

  void start() {
    broadcastLoop.start();
    scheduleLoop.start();
    digestLoop.start();
    if (wiring.report().isPresent()) {
      reportLoop.wake();
    }
  }

  /**
   * Ends after the steps that are under way.
   *
   * @param left how long may still be waited for them
   */
  void close(Supplier<Duration> left) {
    for (BackgroundLoop loop : List.of(reportLoop, scheduleLoop, broadcastLoop, digestLoop)) {
      loop.close(left.get());
    }
  }
}
