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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One delivery's walk along its provider chain. It ends with the first answer that is about the
 * message (accepted, rejected, dead address, lost answer); an answer that is about the provider
 * leads on to the next one, and after the last to a later try.
 */
final class ChainRun {

  private static final Duration BUSY = Duration.ofSeconds(1);

  private final EngineParts parts;
  private final Settlement settlement;
  private final Job job;
  private final OutboundMessage message;

  /** Most chains end with their first call, so the list is made anew for each further one. */
  private List<Attempt> attempts = List.of();

  private Delivery delivery;
  private boolean parked;

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
      OutboundMessage message) {
    this.parts = parts;
    this.settlement = settlement;
    this.job = job;
    this.delivery = delivery;
    this.message = message;
  }

  /** Answers {@code false} if the first provider has no place free and keeps the job. */
  boolean along(List<ProviderGate> chain) {
    if (chain.isEmpty()) {
      end(DeliveryStatus.DEAD, Reason.INVALID_ADDRESS, "no provider can use the address");
      return true;
    }
    for (ProviderGate gate : chain) {
      Optional<Outcome> answer = ask(gate);
      if (parked) {
        return false;
      }
      if (answer.isPresent() && ends(gate, answer.get())) {
        return true;
      }
    }
    comeBackLater();
    return true;
  }

  /**
   * A provider's answer was lost: asks that provider what became of it, or the same thing again.
   */
  boolean settleDoubt(List<ProviderGate> chain) {
    String name = delivery.provider().orElse("");
    Optional<ProviderGate> owing =
        chain.stream().filter(gate -> gate.name().equals(name)).findFirst();
    if (owing.isEmpty()) {
      hold(name, "provider " + name + " is gone");
      return true;
    }
    ProviderGate gate = owing.get();
    Optional<Outcome> answer = gate.provider().canLookUp() ? lookUp(gate.provider()) : ask(gate);
    if (parked) {
      return false;
    }
    if (answer.isEmpty()) {
      doubt(gate, "no answer yet");
    } else if (!gate.provider().canLookUp() && saysNothingOfTheFirst(answer.get())) {
      stayInDoubt(gate, answer.get());
    } else if (!ends(gate, answer.get())) {
      comeBackLater();
    }
    return true;
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

  /** One call, if the provider can be called now, and this node surely still holds the delivery. */
  private Optional<Outcome> ask(ProviderGate gate) {
    if (!parts.store().isInCharge(delivery)) {
      comeBackIn(BUSY);
      return Optional.empty();
    }
    Instant now = parts.clock().instant();
    Optional<Duration> rest = gate.restLeft(now);
    if (rest.isPresent()) {
      comeBackIn(rest.get());
      return Optional.empty();
    }
    if (!(attempts.isEmpty() ? gate.enterOrPark(job) : gate.tryEnter())) {
      parked = attempts.isEmpty();
      comeBackIn(BUSY);
      return Optional.empty();
    }
    try {
      Optional<Duration> wait = gate.rateWait(now);
      if (wait.isPresent()) {
        comeBackIn(wait.get());
        return Optional.empty();
      }
      return call(gate, now);
    } finally {
      gate.leave();
    }
  }

  private Optional<Outcome> call(ProviderGate gate, Instant started) {
    if (delivery.attempts() == 0 && attempts.isEmpty()) {
      parts.metrics().onStart(delivery.lane(), Duration.between(delivery.due(), started));
    }
    settlement.tellOfCall(delivery, started);
    Optional<Outcome> answer = gate.call(delivery, message, started);
    if (answer.isEmpty()) {
      comeBackIn(gate.whileHalfOpen());
      return answer;
    }
    Instant ended = parts.clock().instant();
    Attempt attempt =
        new Attempt(gate.name(), started, Duration.between(started, ended), answer.get());
    attempts = attempts.isEmpty() ? List.of(attempt) : appended(attempt);
    parts.metrics().onAttempt(delivery.lane(), attempt);
    gate.learn(answer.get(), ended);
    return answer;
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
      settlement.sent(delivery, gate.name(), accepted.providerMessageId(), attempts);
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
        parts.tracker().retire(delivery, gate.name() + ": " + invalid.cause(), verdict(invalid));
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
    boolean canSettle = gate.provider().canLookUp() || gate.provider().isIdempotent();
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
