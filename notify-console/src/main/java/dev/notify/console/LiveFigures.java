package dev.notify.console;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Attempt;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.Lane;
import dev.notify.model.Outcome;
import dev.notify.spi.DeliveryListener;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.Subscription;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What happened in this process in the last minutes, in steps of a few seconds: counted as it
 * happens, in a fixed amount of memory. Thread-safe.
 */
final class LiveFigures implements DeliveryListener, MetricsListener, AutoCloseable {

  static final Duration STEP = Duration.ofSeconds(2);
  static final int STEPS = 90;

  /** Calls of one step whose duration is kept; of more, a fair choice. */
  private static final int MOST_DURATIONS = 256;

  /** Names come from the host's own providers; this many are more than anybody has. */
  private static final int MOST_PROVIDERS = 200;

  private final InstantSource clock;
  private final Step[] ring = new Step[STEPS];
  private final Map<String, Calls> calls = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom();
  private final List<Subscription> subscriptions = new ArrayList<>();

  /** One step of time. */
  private static final class Step {
    final long number;
    int sent;
    int delivered;
    int failed;
    int held;
    int attempts;
    final long[] micros = new long[MOST_DURATIONS];

    Step(long number) {
      this.number = number;
    }

    double percentile(double share) {
      int size = Math.min(attempts, MOST_DURATIONS);
      if (size == 0) {
        return Double.NaN;
      }
      long[] sorted = Arrays.copyOf(micros, size);
      Arrays.sort(sorted);
      return sorted[(int) Math.min(size - 1, Math.ceil(size * share) - 1)] / 1_000.0;
    }
  }

  /**
   * What a provider answered since the console was started.
   *
   * @param all calls
   * @param accepted calls that were accepted
   * @param lastFault the last answer that was none, empty if there was none
   */
  record Calls(long all, long accepted, String lastFault) {
    static final Calls NONE = new Calls(0, 0, "");
  }

  /**
   * One step of time.
   *
   * @param second when it began, in seconds since 1970
   * @param sent taken by a provider
   * @param delivered reported as delivered
   * @param failed dead, bounced, undelivered
   * @param held called off by a rule, by somebody or by the time
   * @param p50 milliseconds that half of the provider calls took; NaN if there was none
   * @param p95 as p50
   * @param p99 as p50
   */
  record Point(
      long second,
      int sent,
      int delivered,
      int failed,
      int held,
      double p50,
      double p95,
      double p99) {}

  LiveFigures(InstantSource clock) {
    this.clock = clock;
  }

  void follow(NotificationDispatcher dispatcher) {
    subscriptions.add(dispatcher.listen(this));
    subscriptions.add(dispatcher.measure(this));
  }

  @Override
  public synchronized void onEvent(DeliveryEvent event) {
    Step now = step();
    switch (event.type()) {
      case SENT -> now.sent++;
      case DELIVERED -> now.delivered++;
      case DEAD, BOUNCED, UNDELIVERED -> now.failed++;
      case SUPPRESSED, CANCELLED, EXPIRED -> now.held++;
      case SCHEDULED,
          PENDING,
          SENDING,
          UNCONFIRMED,
          DIGESTED,
          OPENED,
          CLICKED,
          READ,
          COMPLAINED,
          UNSUBSCRIBED,
          CONVERTED -> {}
    }
  }

  @Override
  public synchronized void onAttempt(Lane lane, Attempt attempt) {
    Step now = step();
    int place = now.attempts < MOST_DURATIONS ? now.attempts : random.nextInt(now.attempts + 1);
    now.attempts++;
    if (place < MOST_DURATIONS) {
      now.micros[place] = attempt.duration().toNanos() / 1_000;
    }
    Calls before = calls.getOrDefault(attempt.provider(), Calls.NONE);
    if (before != Calls.NONE || calls.size() < MOST_PROVIDERS) {
      boolean accepted = attempt.outcome() instanceof Outcome.Accepted;
      calls.put(
          attempt.provider(),
          new Calls(
              before.all + 1,
              before.accepted + (accepted ? 1 : 0),
              accepted ? before.lastFault : attempt.outcome().cause()));
    }
  }

  private Step step() {
    long number = current();
    int place = (int) (number % STEPS);
    Step there = ring[place];
    if (there == null || there.number != number) {
      there = new Step(number);
      ring[place] = there;
    }
    return there;
  }

  private long current() {
    return clock.millis() / STEP.toMillis();
  }

  /** All steps, the oldest first, those in which nothing happened included. */
  synchronized List<Point> points() {
    List<Point> points = new ArrayList<>(STEPS);
    long now = current();
    for (long number = now - STEPS + 1; number <= now; number++) {
      Step kept = ring[(int) (number % STEPS)];
      Step step = kept != null && kept.number == number ? kept : new Step(number);
      points.add(
          new Point(
              number * STEP.toSeconds(),
              step.sent,
              step.delivered,
              step.failed,
              step.held,
              step.percentile(0.5),
              step.percentile(0.95),
              step.percentile(0.99)));
    }
    return points;
  }

  synchronized Calls calls(String provider) {
    return calls.getOrDefault(provider, Calls.NONE);
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
