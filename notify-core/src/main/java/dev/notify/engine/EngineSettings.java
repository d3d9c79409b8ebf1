package dev.notify.engine;

import dev.notify.model.Quota;
import dev.notify.model.Rate;
import dev.notify.routing.RetryPolicy;
import java.time.Duration;
import java.util.Map;

/**
 * The engine's measures.
 *
 * @param retry when and how often to try again
 * @param attemptTimeout longest time for one provider call
 * @param inFlight calls of one provider at a time
 * @param laneCapacity deliveries of one lane that this node holds ready
 * @param jobsAStart for how many jobs that wait one thread is asked for, which asks for the next
 *     before it begins; one where the executor may be long in giving one
 * @param breakerFailures of the last twice as many calls, how many failures open a provider's
 *     breaker
 * @param breakerDelay how long an open breaker rests before it lets a few calls through
 * @param unconfirmedHold how long a delivery stays unconfirmed before it becomes a dead letter
 * @param rates rate limits by provider name
 * @param quotas how many a day, by provider name
 */
public record EngineSettings(
    RetryPolicy retry,
    Duration attemptTimeout,
    int inFlight,
    int laneCapacity,
    int jobsAStart,
    int breakerFailures,
    Duration breakerDelay,
    Duration unconfirmedHold,
    Map<String, Rate> rates,
    Map<String, Quota> quotas) {

  /** Sane measures. */
  public static final EngineSettings DEFAULT =
      new EngineSettings(
          RetryPolicy.DEFAULT,
          Duration.ofSeconds(90),
          16,
          1_000,
          1,
          20,
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Map.of(),
          Map.of());
}
