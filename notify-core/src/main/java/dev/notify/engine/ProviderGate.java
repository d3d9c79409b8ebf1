package dev.notify.engine;

import dev.failsafe.CircuitBreaker;
import dev.notify.model.Address;
import dev.notify.model.Delivery;
import dev.notify.model.Health.Breaker;
import dev.notify.model.Health.ProviderHealth;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.model.Quota;
import dev.notify.model.Rate;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
  private final ChannelRunner lanes;
  private final WaitingRoom waitingRoom;
  private final Optional<Rate> rate;
  private final Optional<Quota> quota;
  private final CircuitBreaker<Outcome> breaker;
  private final CallWatch watch;
  private Instant lastTurn = Instant.EPOCH;
  private volatile Instant restUntil = Instant.EPOCH;
  private volatile Instant openUntil = Instant.EPOCH;

  /** A door whose waiting jobs go back to {@code lanes} when it has a place for them. */
  ProviderGate(ChannelProvider provider, EngineParts parts, ChannelRunner lanes) {
    this.provider = provider;
    this.lanes = lanes;
    this.parts = parts;
    EngineSettings settings = parts.settings();
    int callLimit = provider instanceof BatchProvider several ? several.batchLimit() : 1;
    waitingRoom = new WaitingRoom(settings.inFlight(), callLimit);
    rate = Optional.ofNullable(settings.rates().get(provider.name()));
    quota = Optional.ofNullable(settings.quotas().get(provider.name()));
    breaker =
        CircuitBreaker.<Outcome>builder()
            .handleResultIf(ProviderGate::isFailure)
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
    if (wait.isPresent()) {
      giveBackQuota(now);
    }
    return wait;
  }

  /** Gives back what {@link #rateWait} took then, for a message that was not sent after all. */
  void giveBack(Instant then) {
    rate.ifPresent(limit -> parts.limiter().release("provider/" + provider.name(), limit));
    giveBackQuota(then);
  }

  private void giveBackQuota(Instant then) {
    LocalDate day = day(then);
    quota.ifPresent(daily -> parts.limiter().release(quotaKey(day), Rate.perDay(daily.on(day))));
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

  /** What the message may share a call with: nothing if it is urgent, and nothing less urgent. */
  Kind kindOf(OutboundMessage message) {
    if (provider instanceof BatchProvider several && message.priority() != Priority.CRITICAL) {
      Optional<Object> key = key(several, message);
      if (key.isPresent()) {
        return Kind.shared(List.of(message.priority(), key.get()));
      }
    }
    return Kind.alone();
  }

  /** A slip in the key costs the company and not the message. */
  private Optional<Object> key(BatchProvider several, OutboundMessage message) {
    try {
      return Objects.requireNonNull(several.batchKey(message), "batchKey");
    } catch (RuntimeException e) {
      parts.metrics().onHostFailure("batch key");
      log.debug("provider {} has no key: {}", name(), e.getClass().getName());
      return Optional.empty();
    }
  }

  /**
   * Takes one of its places, or keeps the job until one is free.
   *
   * @return the jobs that go along, this one first; empty if it has to wait
   */
  List<Job> enterOrWait(Kind kind, Job job) {
    return waitingRoom.enterOrWait(kind, job);
  }

  /** Gives the place back; answers a job that waited for one and may {@link #goOn}. */
  @Nullable Job leave(Kind kind) {
    return waitingRoom.leave(kind);
  }

  /**
   * Lets another job go on in place of this one, if it was let go on and did not come: the provider
   * may rest by then, or the job be cancelled.
   */
  void admitInsteadOf(Job job) {
    letGoOn(waitingRoom.insteadOf(job));
  }

  private void letGoOn(@Nullable Job job) {
    if (job != null) {
      lanes.unpark(job);
    }
  }

  /** Sends a job that waited, or was taken along, back to its lane, to be gone on with. */
  void goOn(Job job) {
    lanes.unpark(job);
  }

  /** A job that was taken along has come to its end. */
  void forget(Job job) {
    lanes.forget(job);
  }

  /** Takes out a job that waits for a place. */
  Optional<Job> withdraw(Delivery delivery) {
    return waitingRoom.withdraw(delivery.id());
  }

  /** Takes out any job that waits for a place. */
  Optional<Job> withdrawAny() {
    return waitingRoom.withdrawAny();
  }

  /** Interrupts calls that are under way, and lets no other begin. */
  void stopCalls() {
    watch.stop();
  }

  boolean hasStopped() {
    return watch.isStopped();
  }

  /** Deliveries whose calls have not come back. */
  List<Delivery> callsUnderWay() {
    return watch.underWay();
  }

  /**
   * Calls the provider; empty if the breaker did not let the call through, or calls are stopped. A
   * provider that throws or answers nothing leaves everyone in the dark, so that is {@code
   * Unknown}.
   */
  Optional<List<Outcome>> call(
      List<Delivery> deliveries, List<OutboundMessage> messages, Instant now) {
    Optional<CallWatch.Call> call = watch.begin(deliveries, now);
    if (call.isEmpty()) {
      return Optional.empty();
    }
    if (!breaker.tryAcquirePermit()) {
      boolean ignored = end(call.get());
      return Optional.empty();
    }
    List<Outcome> outcomes = unlessLate(call.get(), messages, now);
    breaker.recordResult(best(outcomes));
    return Optional.of(outcomes);
  }

  /** Answers whether it took too long. */
  private boolean end(CallWatch.Call call) {
    boolean late = watch.end(call);
    // A provider may leave its thread interrupted; the thread is the host's.
    boolean ignored = Thread.interrupted();
    return late;
  }

  /** A provider that did its work for one of them is not down. */
  private static Outcome best(List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (!isFailure(outcomes.get(i))) {
        return outcomes.get(i);
      }
    }
    return outcomes.get(0);
  }

  private static boolean isFailure(Outcome outcome) {
    return (outcome instanceof Outcome.Retryable retryable && !retryable.addressOnly())
        || (outcome instanceof Outcome.Unknown unknown && !unknown.addressOnly());
  }

  /** What a provider says after its time does not count: it was interrupted while saying it. */
  private List<Outcome> unlessLate(
      CallWatch.Call call, List<OutboundMessage> messages, Instant now) {
    List<Outcome> outcomes;
    boolean late;
    try {
      outcomes = answers(messages);
    } finally {
      late = end(call);
    }
    return late
        ? unknown(messages, "interrupted after " + Duration.between(now, parts.clock().instant()))
        : outcomes;
  }

  private List<Outcome> answers(List<OutboundMessage> messages) {
    try {
      if (messages.size() > 1 && provider instanceof BatchProvider several) {
        List<Outcome> outcomes = several.deliver(messages);
        return outcomes != null
                && outcomes.size() == messages.size()
                && outcomes.stream().allMatch(Objects::nonNull)
            ? outcomes
            : unknown(messages, "provider did not answer for each of " + messages.size());
      }
      Outcome outcome = provider.deliver(messages.get(0));
      return outcome == null ? unknown(messages, "provider answered null") : List.of(outcome);
    } catch (Throwable e) {
      Throwable thrown = e.getCause() != null ? e.getCause() : e;
      // The message may hold an address; the class does not.
      log.warn(
          "provider {} threw {} on delivery {}",
          name(),
          thrown.getClass().getName(),
          messages.get(0).deliveryId());
      return unknown(messages, "provider threw " + thrown.getClass().getSimpleName());
    }
  }

  private static List<Outcome> unknown(List<OutboundMessage> messages, String cause) {
    return Collections.nCopies(messages.size(), Outcome.unknown(cause));
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
    if (restUntil.isAfter(until)) {
      return;
    }
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

  ProviderHealth health(Instant now) {
    Breaker state =
        switch (breaker.getState()) {
          case CLOSED -> Breaker.CLOSED;
          case HALF_OPEN -> Breaker.HALF_OPEN;
          case OPEN -> Breaker.OPEN;
        };
    Duration resting = now.isBefore(restUntil) ? Duration.between(now, restUntil) : Duration.ZERO;
    return new ProviderHealth(name(), provider.channel(), state, resting, waitingRoom.taken());
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
