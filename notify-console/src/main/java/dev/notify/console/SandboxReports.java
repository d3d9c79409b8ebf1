package dev.notify.console;

import dev.notify.NotificationDispatcher;
import dev.notify.console.SandboxBehaviour.Kind;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.NotifyException;
import dev.notify.model.ProviderEvent;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports as a vendor's webhook would: a moment after the message was taken, on its own thread. */
final class SandboxReports implements AutoCloseable {

  /** More reports than that under way are dropped, as vendors do. */
  private static final int MOST_WAITING = 10_000;

  private static final Logger log = LoggerFactory.getLogger(SandboxReports.class);

  private final Sandbox sandbox;
  private final NotificationDispatcher dispatcher;
  private final ExecutorService reporter;

  SandboxReports(Sandbox sandbox, NotificationDispatcher dispatcher) {
    this.sandbox = sandbox;
    this.dispatcher = dispatcher;
    reporter =
        new ThreadPoolExecutor(
            0,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "notify-sandbox-reports");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
  }

  void sent(DeliveryEvent event) {
    String provider = event.provider().orElse("");
    if (sandbox.owns(provider)) {
      Kind kind = sandbox.behaviour(event.lane().channel()).kind();
      reporter.execute(() -> report(event, provider, kind == Kind.BOUNCE));
    }
  }

  private void report(DeliveryEvent event, String provider, boolean bounces) {
    try {
      var unused =
          dispatcher.track(
              new ProviderEvent(
                  provider,
                  "sandbox-" + event.deliveryId(),
                  bounces ? DeliveryEvent.Type.BOUNCED : DeliveryEvent.Type.DELIVERED,
                  later(event.at()),
                  bounces ? "the sandbox is set to bounce" : ""));
    } catch (NotifyException e) {
      log.debug("a report of the sandbox was not taken: {}", e.getClass().getName());
    }
  }

  /** No report is from before its message. */
  private static Instant later(Instant sent) {
    return sent.plusMillis(1);
  }

  @Override
  public void close() {
    reporter.shutdownNow();
  }
}
