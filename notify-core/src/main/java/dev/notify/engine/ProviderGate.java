package dev.notify.engine;

import dev.failsafe.CircuitBreaker;
import dev.notify.model.Address;
import dev.notify.model.Delivery;
import dev.notify.model.Health.Breaker;
import dev.notify.model.Health.ProviderHealth;
import dev.notify.model.Outcome;
import dev.notify.model.Quota;
import dev.notify.model.Rate;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door to one provider: a circuit breaker and a timeout around every call, a limit of calls at
 * a time, a rest when it asks for one, and its rate limit. What is known here is shared by all
 * deliveries, so the next one does not repeat what the last one learned.
 */
final class ProviderGate {

  private static final Logger log = LoggerFactory.getLogger(ProviderGate.class);
  private static final Duration REST_WHEN_THROTTLED = Duration.ofSeconds(10);
  private static final Duration WHILE_HALF_OPEN = Duration.ofSeconds(1);

  /**
   * Failsafe measures an open breaker's delay by the machine's clock; ours ends it by the engine's.
   */
  private static final Duration UNTIL_TOLD = Duration.ofDays(36_500);

  private final ChannelProvider provider;
  private final EngineParts parts;
  private final Consumer<Job> lanes;
  private final Optional<Rate> rate;
  private final Optional<Quota> quota;
  private final CircuitBreaker<Outcome> breaker;
  private final CallWatch watch;
  private final ArrayDeque<Job> parked = new ArrayDeque<>();
  private int inFlight;
  private Instant lastTurn = Instant.EPOCH;
  private volatile Instant restUntil = Instant.EPOCH;
  private volatile Instant openUntil = Instant.EPOCH;

  /** A door whose waiting jobs go back to {@code lanes} when it has a place for them. */
  ProviderGate(ChannelProvider provider, EngineParts parts, Consumer<Job> lanes) {
    this.provider = provider;
    this.lanes = lanes;
    this.parts = parts;
    EngineSettings settings = parts.settings();
    rate = Optional.ofNullable(settings.rates().get(provider.name()));
    quota = Optional.ofNullable(settings.quotas().get(provider.name()));
    breaker =
        CircuitBreaker.<Outcome>builder()
            .handleResultIf(
                outcome ->
                    outcome instanceof Outcome.Retryable || outcome instanceof Outcome.Unknown)
            .withFailureThreshold(settings.breakerFailures(), settings.breakerFailures() * 2)
            .withSuccessThreshold(2)
            .withDelay(UNTIL_TOLD)
            .onOpen(event -> opened(settings.breakerDelay()))
            .onHalfOpen(event -> tell("half-open"))
            .onClose(event -> tell("closed"))
            .build();
    watch = new CallWatch(parts.clock(), settings.attemptTimeout());
  }

  ChannelProvider provider() {
    return provider;
  }

  String name() {
    return provider.name();
  }

  boolean takes(Address address) {
    return provider.problemWith(address).isEmpty();
  }

  /** How long it cannot be asked, because it rests or its breaker is open; empty if it can. */
  Optional<Duration> restLeft(Instant now) {
    Instant until = restUntil.isAfter(openUntil) ? restUntil : openUntil;
    return now.isBefore(until) ? Optional.of(Duration.between(now, until)) : Optional.empty();
  }

  /**
   * How long until its rate limit lets this message through; empty if a permit was taken. Each
   * message that has to wait gets a later moment than the one before it, so that a backlog does not
   * come back all at once to be turned away again.
   */
  Optional<Duration> rateWait(Instant now) {
    Optional<Duration> untilTomorrow = quota.flatMap(daily -> quotaWait(daily, now));
    if (untilTomorrow.isPresent() || rate.isEmpty()) {
      return untilTomorrow;
    }
    Optional<Duration> wait =
        parts
            .limiter()
            .tryAcquire("provider/" + provider.name(), rate.get())
            .map(left -> turn(now, left, rate.get().period().dividedBy(rate.get().count())));
    if (wait.isPresent() && quota.isPresent()) {
      LocalDate today = day(now);
      parts.limiter().release(quotaKey(today), Rate.perDay(quota.get().on(today)));
    }
    return wait;
  }

  /** A day's permits are counted under its date, so that the next day begins anew. */
  private Optional<Duration> quotaWait(Quota daily, Instant now) {
    LocalDate today = day(now);
    Instant tomorrow = today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return parts
        .limiter()
        .tryAcquire(quotaKey(today), Rate.perDay(daily.on(today)))
        .map(wait -> Duration.between(now, tomorrow));
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private String quotaKey(LocalDate day) {
    return "quota/" + provider.name() + "/" + day;
  }

  private synchronized Duration turn(Instant now, Duration wait, Duration interval) {
    Instant earliest = now.plus(wait);
    Instant next = lastTurn.plus(interval);
    lastTurn = next.isAfter(earliest) ? next : earliest;
    return Duration.between(now, lastTurn);
  }

  /** Takes one of its places, if one is free. */
  synchronized boolean tryEnter() {
    if (inFlight >= parts.settings().inFlight()) {
      return false;
    }
    inFlight++;
    return true;
  }

  /** Takes one of its places, or keeps the job until one is free. */
  synchronized boolean enterOrPark(Job job) {
    boolean entered = tryEnter();
    if (!entered) {
      parked.add(job);
    }
    return entered;
  }

  /** Gives the place back, and lets a job that waited for one go on. */
  void leave() {
    Job next = freePlace();
    if (next != null) {
      lanes.accept(next);
    }
  }

  private synchronized @Nullable Job freePlace() {
    inFlight--;
    return parked.poll();
  }

  /**
   * Lets a job that waits go on if a place is free. Not every job that was let go on takes the
   * place that it was for: the provider may rest by then, or the job be cancelled.
   */
  void admitNext() {
    Job next = nextForFreePlace();
    if (next != null) {
      lanes.accept(next);
    }
  }

  private synchronized @Nullable Job nextForFreePlace() {
    return inFlight < parts.settings().inFlight() ? parked.poll() : null;
  }

  /** Takes out a job that waits for a place. */
  synchronized Optional<Job> withdraw(Delivery delivery) {
    Optional<Job> found =
        parked.stream().filter(job -> job.delivery().id().equals(delivery.id())).findFirst();
    found.ifPresent(parked::remove);
    return found;
  }

  /** Takes out any job that waits for a place. */
  synchronized Optional<Job> withdrawAny() {
    return Optional.ofNullable(parked.poll());
  }

  /** Interrupts the calls under way. */
  void interruptCalls() {
    watch.interruptAll();
  }

  /** Deliveries whose calls have not come back. */
  List<Delivery> callsUnderWay() {
    return watch.underWay();
  }

  /**
   * Calls the provider; empty if the breaker did not let the call through. A provider that throws
   * or answers nothing leaves everyone in the dark, so that is {@code Unknown}.
   */
  Optional<Outcome> call(Delivery delivery, OutboundMessage message, Instant now) {
    if (!breaker.tryAcquirePermit()) {
      return Optional.empty();
    }
    Outcome outcome = unlessLate(delivery, message, now);
    breaker.recordResult(outcome);
    return Optional.of(outcome);
  }

  /** What a provider says after its time does not count: it was interrupted while saying it. */
  private Outcome unlessLate(Delivery delivery, OutboundMessage message, Instant now) {
    CallWatch.Call call = watch.begin(delivery, now);
    Outcome outcome;
    boolean late;
    try {
      outcome = answer(message);
    } finally {
      late = watch.end(call);
      // A provider may leave its thread interrupted; the thread is the host's.
      boolean ignored = Thread.interrupted();
    }
    return late
        ? Outcome.unknown("interrupted after " + Duration.between(now, parts.clock().instant()))
        : outcome;
  }

  private Outcome answer(OutboundMessage message) {
    try {
      Outcome outcome = provider.deliver(message);
      return outcome == null ? Outcome.unknown("provider answered null") : outcome;
    } catch (Throwable e) {
      Throwable thrown = e.getCause() != null ? e.getCause() : e;
      // The message may hold an address; the class does not.
      log.warn(
          "provider {} threw {} on delivery {}",
          name(),
          thrown.getClass().getName(),
          message.deliveryId());
      return Outcome.unknown("provider threw " + thrown.getClass().getSimpleName());
    }
  }

  /** Draws the conclusions that concern the provider, not the message. */
  void learn(Outcome outcome, Instant now) {
    if (outcome instanceof Outcome.Throttled throttled) {
      rest(now, throttled.retryAfter().orElse(REST_WHEN_THROTTLED));
    } else if (outcome instanceof Outcome.Misconfigured misconfigured) {
      log.error("provider {} is misconfigured: {}", name(), misconfigured.cause());
      parts.metrics().onMisconfigured(name(), misconfigured.cause());
      breaker.open();
    }
  }

  /** Ended by a call and not by the time alone: somebody may set the clock meanwhile. */
  private void rest(Instant now, Duration length) {
    Instant until = now.plus(length);
    restUntil = until;
    parts.clock().wakeUp(length, () -> rested(until));
  }

  private void rested(Instant until) {
    if (restUntil.equals(until)) {
      restUntil = Instant.EPOCH;
    }
  }

  /** When to come back while a half-open breaker lets only a few through. */
  Duration whileHalfOpen() {
    return WHILE_HALF_OPEN;
  }

  synchronized ProviderHealth health(Instant now) {
    Breaker state =
        switch (breaker.getState()) {
          case CLOSED -> Breaker.CLOSED;
          case HALF_OPEN -> Breaker.HALF_OPEN;
          case OPEN -> Breaker.OPEN;
        };
    Duration resting = now.isBefore(restUntil) ? Duration.between(now, restUntil) : Duration.ZERO;
    return new ProviderHealth(name(), provider.channel(), state, resting, inFlight);
  }

  private void opened(Duration delay) {
    openUntil = parts.clock().instant().plus(delay);
    parts.clock().wakeUp(delay, this::closeHalf);
    log.warn("provider {}: circuit breaker open for {}", name(), delay);
    parts.metrics().onBreaker(name(), "open");
  }

  private void closeHalf() {
    openUntil = Instant.EPOCH;
    if (breaker.isOpen()) {
      breaker.halfOpen();
    }
  }

  private void tell(String state) {
    log.info("provider {}: circuit breaker {}", name(), state);
    parts.metrics().onBreaker(name(), state);
  }
}
