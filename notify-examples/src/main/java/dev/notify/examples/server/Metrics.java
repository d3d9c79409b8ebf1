package dev.notify.examples.server;

import dev.notify.model.Attempt;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Health;
import dev.notify.model.Lane;
import dev.notify.model.Outcome;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.MetricsListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Counts and times for Prometheus, in its text form. Names and labels hold nothing personal. */
final class Metrics implements DeliveryListener, MetricsListener {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String CHANNEL = "channel";
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Map<String, FailureRate> failures = new ConcurrentHashMap<>();

  private final Counter sent =
      Counter.builder()
          .name("notifications_sent_total")
          .help("Deliveries that a provider took")
          .labelNames(CHANNEL)
          .register(registry);

  private final Counter delivered =
      Counter.builder()
          .name("notifications_delivered_total")
          .help("Deliveries that were confirmed to have arrived")
          .labelNames(CHANNEL)
          .register(registry);

  private final Histogram processing =
      Histogram.builder()
          .name("notification_processing_duration")
          .help("Seconds that one call of a provider took, by what it answered")
          .labelNames(CHANNEL, "outcome")
          .classicOnly()
          .classicUpperBounds(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
          .register(registry);

  private final Histogram waiting =
      Histogram.builder()
          .name("notification_waiting_duration")
          .help("Seconds from when a delivery was due until its first attempt")
          .labelNames(CHANNEL)
          .classicOnly()
          .classicUpperBounds(0.005, 0.025, 0.1, 0.5, 1, 5, 30, 60, 300, 1800)
          .register(registry);

  /** Asks for what is not counted here but looked up when somebody wants to know. */
  void lookAt(Supplier<Health> health) {
    GaugeWithCallback.builder()
        .name("notification_queue_size")
        .help("Deliveries that wait for a worker in this process")
        .labelNames(CHANNEL)
        .callback(
            gauge ->
                health
                    .get()
                    .channels()
                    .forEach(one -> gauge.call(one.queued(), one.channel().name())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("channel_failure_rate")
        .help(
            "Share of the provider calls of the last five minutes that failed; throttled ones apart")
        .labelNames(CHANNEL)
        .callback(gauge -> failures.forEach((channel, rate) -> gauge.call(rate.share(), channel)))
        .register(registry);
  }

  @Override
  public void onEvent(DeliveryEvent event) {
    String channel = event.lane().channel().name();
    if (event.type() == DeliveryEvent.Type.SENT) {
      sent.labelValues(channel).inc();
    } else if (event.type() == DeliveryEvent.Type.DELIVERED) {
      delivered.labelValues(channel).inc();
    }
  }

  @Override
  public void onAttempt(Lane lane, Attempt attempt) {
    String channel = lane.channel().name();
    Outcome outcome = attempt.outcome();
    processing
        .labelValues(channel, outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
        .observe(seconds(attempt.duration()));
    if (!(outcome instanceof Outcome.Throttled)) {
      // Who is asked to come again later has not failed.
      failures
          .computeIfAbsent(channel, name -> new FailureRate(System::nanoTime))
          .count(!(outcome instanceof Outcome.Accepted));
    }
  }

  @Override
  public void onStart(Lane lane, Duration waited) {
    waiting.labelValues(lane.channel().name()).observe(seconds(waited));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  /** Everything, as Prometheus reads it. */
  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.builder().build().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
