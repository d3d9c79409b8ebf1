package dev.notify.engine;

import dev.notify.model.Attempt;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.routing.RetryPolicy;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One delivery's walk along its provider chain. It ends with the first answer that is about the
 * message (accepted, rejected, dead address, lost answer); an answer that is about the provider
 * leads on to the next one, and after the last to a later try.
 *
 * <p>Where a provider takes several messages in one call, a run that makes such a call takes along
 * those that wait for one; each goes its own way again with its own answer. A run belongs to one
 * thread at a time.
 */
final class ChainRun {

  private static final Duration BUSY = Duration.ofSeconds(1);

  /** So long what policies said is taken for true. */
  private static final Duration LOOK_HOLDS = Duration.ofSeconds(1);

  private final EngineParts parts;
  private final Settlement settlement;
  private final Job job;
  private final OutboundMessage message;
  private final List<ProviderGate> chain;
  private final Courier courier;
  private final Instant lookedAt;

  /** Where in the chain it is. */
  private int at;

  /** Most chains end with their first call, so the list is made anew for each further one. */
  private List<Attempt> attempts = List.of();

  private Delivery delivery;

  /** What the last provider said, and whether to others in the same breath. */
  private @Nullable Outcome answer;

  private boolean shared;

  /** Whether it is asked what became of an earlier call. */
  private boolean inDoubt;

  /** Whether it came to its end without a provider. */
  private boolean settled;

  /** Who may have the place that this one had. */
  private @Nullable Job next;

  /** The last failure that counted, and the longest delay a provider asked for with one. */
  private @Nullable String failure;

  private Duration asked = Duration.ZERO;

  /** The soonest a provider that could not be asked can be. */
  private @Nullable Duration comeBack;

  ChainRun(
      EngineParts parts,
      Settlement settlement,
      Job job,
      Delivery delivery,
      OutboundMessage message,
      List<ProviderGate> chain,
      Courier courier) {
    this.parts = parts;
    this.settlement = settlement;
    this.job = job;
    this.delivery = delivery;
    this.message = message;
    this.chain = chain;
    this.courier = courier;
    this.lookedAt = parts.clock().instant();
  }

  /** The job as it stands now. */
  Job job() {
    return job.with(delivery, this);
  }

  /** The calls made so far that the store does not know of. */
  List<Attempt> attempts() {
    return attempts;
  }

  /**
   * Begins, or goes on; answers {@code false} if a provider has no place free and keeps the job.
   */
  boolean goOn() {
    if (chain.isEmpty()) {
      end(DeliveryStatus.DEAD, Reason.INVALID_ADDRESS, "no provider can use the address");
      return true;
    }
    while (at < chain.size()) {
      ProviderGate gate = chain.get(at);
      if (!ask(gate, gate.kindOf(message))) {
        return false;
      }
      try {
        at++;
        if (settled || (answer != null && ends(gate, answer))) {
          return true;
        }
      } finally {
        letNextGoOn(gate);
      }
    }
    comeBackLater();
    return true;
  }

  /**
   * A provider's answer was lost: asks that provider what became of it, or the same thing again.
   */
  boolean settleDoubt() {
    String name = delivery.provider().orElse("");
    Optional<ProviderGate> owing =
        chain.stream().filter(gate -> gate.name().equals(name)).findFirst();
    if (owing.isEmpty()) {
      hold(name, "provider " + name + " is gone");
      return true;
    }
    ProviderGate gate = owing.get();
    inDoubt = true;
    if (gate.provider().canLookUp()) {
      answer = lookUp(gate.provider()).orElse(null);
    } else if (!ask(gate, Kind.alone())) {
      return false;
    }
    try {
      settleBy(gate);
    } finally {
      letNextGoOn(gate);
    }
    return true;
  }

  private void settleBy(ProviderGate gate) {
    if (answer == null) {
      doubt(gate, "no answer yet");
    } else if (!gate.provider().canLookUp() && saysNothingOfTheFirst(answer)) {
      stayInDoubt(gate, answer);
    } else if (!ends(gate, answer)) {
      comeBackLater();
    }
  }

  /** Asked again, it did not come to the point: the first call may have sent the message still. */
  private static boolean saysNothingOfTheFirst(Outcome outcome) {
    return outcome instanceof Outcome.Retryable
        || outcome instanceof Outcome.Throttled
        || outcome instanceof Outcome.Misconfigured;
  }

  /** With this provider alone: another one would send the message a second time. */
  private void stayInDoubt(ProviderGate gate, Outcome outcome) {
    if (outcome instanceof Outcome.Retryable) {
      delivery = delivery.attempted(gate.name());
    } else {
      comeBackIn(gate.restLeft(parts.clock().instant()).orElse(BUSY));
    }
    doubt(gate, outcome.cause());
  }

  private Optional<Outcome> lookUp(ChannelProvider provider) {
    delivery = delivery.attempted(provider.name());
    try {
      return provider.lookUp(message);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * One call, if the provider can be called now; those that wait for one come along. Answers {@code
   * false} if the provider keeps the job: from then on the run belongs to whoever takes it along.
   */
  private boolean ask(ProviderGate gate, Kind kind) {
    answer = null;
    next = null;
    Instant now = parts.clock().instant();
    Optional<Duration> rest = gate.restLeft(now);
    if (rest.isPresent()) {
      comeBackIn(rest.get());
      return true;
    }
    // Whoever waits alone, with nothing done yet, is looked at anew afterwards.
    boolean anew = attempts.isEmpty() && !kind.shares();
    List<Job> together = gate.enterOrWait(kind, anew ? job.with(delivery) : job());
    if (together.isEmpty()) {
      return false;
    }
    List<ChainRun> runs = together.size() == 1 ? List.of(this) : withCompanions(together);
    try {
      List<ChainRun> ready = ready(runs, gate, now);
      if (!ready.isEmpty()) {
        call(gate, ready, now);
      }
    } finally {
      for (int i = 1; i < runs.size(); i++) {
        runs.get(i).wasTakenAlong(gate);
      }
      next = gate.leave(kind);
    }
    return true;
  }

  private List<ChainRun> withCompanions(List<Job> together) {
    List<ChainRun> runs = new ArrayList<>(together.size());
    runs.add(this);
    for (Job companion : together.subList(1, together.size())) {
      runs.add(companion.run().orElseThrow());
    }
    return runs;
  }

  /** Nearly always all of them, as they are. */
  private static List<ChainRun> ready(List<ChainRun> runs, ProviderGate gate, Instant now) {
    List<ChainRun> ready = runs;
    for (int i = 0; i < runs.size(); i++) {
      boolean isReady = runs.get(i).isReady(gate, now);
      if (!isReady && ready == runs) {
        ready = new ArrayList<>(runs.subList(0, i));
      } else if (isReady && ready != runs) {
        ready.add(runs.get(i));
      }
    }
    return ready;
  }

  /** Not before this one's answer is on its way to the store: the next may run on this thread. */
  private void letNextGoOn(ProviderGate gate) {
    if (next != null) {
      gate.goOn(next);
    }
  }

  /**
   * Whether this node surely still holds the delivery, it is of use still, and the provider's rate
   * allows it.
   */
  private boolean isReady(ProviderGate gate, Instant now) {
    answer = null;
    if (gate.hasStopped()) {
      cannotBeCalled();
      return false;
    }
    if (!now.isBefore(delivery.expiresAt()) || !parts.store().isInCharge(delivery)) {
      comeBackIn(BUSY);
      return false;
    }
    if (!isStillWanted(now)) {
      settled = true;
      return false;
    }
    Optional<Duration> wait = gate.rateWait(now);
    wait.ifPresent(this::comeBackIn);
    return wait.isEmpty();
  }

  /** The dispatcher closes; what is in doubt stays so. */
  private void cannotBeCalled() {
    if (inDoubt) {
      comeBackIn(BUSY);
    } else {
      settlement.givenBack(delivery, attempts);
      settled = true;
    }
  }

  /** Policies are asked again after a wait; what is in doubt may be sent already. */
  private boolean isStillWanted(Instant now) {
    if (inDoubt || now.isBefore(lookedAt.plus(LOOK_HOLDS))) {
      return true;
    }
    try {
      return courier.isStillWanted(job(), now);
    } catch (RuntimeException e) {
      courier.failed(job(), e);
      return false;
    }
  }

  private void call(ProviderGate gate, List<ChainRun> runs, Instant started) {
    for (int i = 0; i < runs.size(); i++) {
      runs.get(i).tellOfCall(started);
    }
    Optional<List<Outcome>> answers =
        gate.call(each(runs, run -> run.delivery), each(runs, run -> run.message), started);
    if (answers.isEmpty()) {
      for (ChainRun run : runs) {
        gate.giveBack(started);
        if (gate.hasStopped()) {
          run.cannotBeCalled();
        } else {
          run.comeBackIn(gate.whileHalfOpen());
        }
      }
      return;
    }
    Instant ended = parts.clock().instant();
    for (int i = 0; i < runs.size(); i++) {
      ChainRun run = runs.get(i);
      run.shared = runs.size() > 1;
      run.answered(
          new Attempt(
              gate.name(), started, Duration.between(started, ended), answers.get().get(i)));
    }
    if (runs.size() == 1) {
      gate.learn(answers.get().get(0), ended);
    } else {
      new LinkedHashSet<>(answers.get()).forEach(outcome -> gate.learn(outcome, ended));
    }
  }

  /** A run is nearly always alone, and then so is what is asked of it. */
  private static <T> List<T> each(List<ChainRun> runs, Function<ChainRun, T> of) {
    return runs.size() == 1 ? List.of(of.apply(runs.get(0))) : runs.stream().map(of).toList();
  }

  private void tellOfCall(Instant started) {
    if (delivery.attempts() == 0 && attempts.isEmpty()) {
      parts.metrics().onStart(delivery.lane(), Duration.between(delivery.due(), started));
    }
    settlement.tellOfCall(delivery, started);
  }

  private void answered(Attempt attempt) {
    answer = attempt.outcome();
    attempts = attempts.isEmpty() ? List.of(attempt) : appended(attempt);
    parts.metrics().onAttempt(delivery.lane(), attempt);
  }

  /** After a call in which another run took this one along. */
  private void wasTakenAlong(ProviderGate gate) {
    boolean done = true;
    try {
      at++;
      done = settled || (answer != null && ends(gate, answer));
      if (!done && at == chain.size()) {
        comeBackLater();
        done = true;
      }
    } catch (RuntimeException | Error e) {
      done = true;
      courier.failed(job(), e);
    }
    if (done) {
      gate.forget(job);
    } else {
      gate.goOn(job());
    }
  }

  private List<Attempt> appended(Attempt attempt) {
    List<Attempt> longer = new ArrayList<>(attempts);
    longer.add(attempt);
    return longer;
  }

  /** Acts on an answer; {@code false} if the next provider should be asked. */
  private boolean ends(ProviderGate gate, Outcome outcome) {
    if (outcome instanceof Outcome.Throttled || outcome instanceof Outcome.Misconfigured) {
      comeBackIn(gate.restLeft(parts.clock().instant()).orElse(BUSY));
      return false;
    }
    if (outcome instanceof Outcome.Accepted accepted) {
      Delivery paid = delivery.costing(Costs.of(parts.prices(), gate.name(), message));
      settlement.sent(paid, gate.name(), accepted.providerMessageId(), attempts);
      return true;
    }
    delivery = delivery.attempted(gate.name());
    if (outcome instanceof Outcome.Retryable retryable) {
      failure = gate.name() + ": " + retryable.cause();
      Duration wanted = retryable.retryAfter().orElse(Duration.ZERO);
      asked = wanted.compareTo(asked) > 0 ? wanted : asked;
      return false;
    }
    if (outcome instanceof Outcome.InvalidAddress invalid) {
      if (message.address().equals(delivery.address())) {
        parts
            .tracker()
            .retire(
                delivery, invalid.kind(), gate.name() + ": " + invalid.cause(), verdict(invalid));
      }
      end(DeliveryStatus.DEAD, Reason.INVALID_ADDRESS, gate.name() + ": " + invalid.cause());
    } else if (outcome instanceof Outcome.Unknown unknown) {
      doubt(gate, unknown.cause());
    } else {
      end(DeliveryStatus.DEAD, Reason.REJECTED, gate.name() + ": " + outcome.cause());
    }
    return true;
  }

  private Instant verdict(Outcome.InvalidAddress invalid) {
    return invalid.since().orElseGet(() -> parts.clock().instant());
  }

  /** Nobody knows whether the message went out: find out, ask again, or hold. */
  private void doubt(ProviderGate gate, String cause) {
    RetryPolicy retry = parts.settings().retry();
    boolean usedUp = delivery.attempts() >= retry.maxAttempts();
    // A key covers the call as it was; this message alone would be a new one.
    boolean canSettle = gate.provider().canLookUp() || (gate.provider().isIdempotent() && !shared);
    if (canSettle && !usedUp) {
      Duration delay = longer(backoff(), comeBack);
      settlement.unconfirmed(
          delivery, gate.name(), delay, new Reason(Reason.UNCONFIRMED, cause), attempts);
    } else if (retry.unknown() == RetryPolicy.Unknown.RETRY) {
      failure = gate.name() + ": " + cause;
      comeBackLater();
    } else {
      hold(gate.name(), cause);
    }
  }

  private void hold(String provider, String cause) {
    settlement.unconfirmed(
        delivery,
        provider,
        parts.settings().unconfirmedHold(),
        new Reason(Reason.HELD, cause),
        attempts);
  }

  private void comeBackLater() {
    if (failure == null) {
      Duration wait = comeBack == null ? BUSY : comeBack;
      Reason busy = new Reason(Reason.PROVIDER_BUSY, "no provider can be asked now");
      settlement.postponed(delivery, wait, busy, attempts);
    } else if (delivery.attempts() >= parts.settings().retry().maxAttempts()) {
      end(
          DeliveryStatus.DEAD,
          Reason.ATTEMPTS_USED_UP,
          delivery.attempts() + " attempts, last " + failure);
    } else {
      settlement.postponed(
          delivery, longer(backoff(), asked), new Reason(Reason.RETRY, failure), attempts);
    }
  }

  private Duration backoff() {
    return parts.settings().retry().delay(delivery.attempts(), parts.random());
  }

  private static Duration longer(Duration one, @Nullable Duration other) {
    return other != null && other.compareTo(one) > 0 ? other : one;
  }

  private void comeBackIn(Duration wait) {
    comeBack = comeBack == null || wait.compareTo(comeBack) < 0 ? wait : comeBack;
  }

  private void end(DeliveryStatus status, String code, String detail) {
    settlement.ended(delivery, status, new Reason(code, detail), attempts);
  }
}
