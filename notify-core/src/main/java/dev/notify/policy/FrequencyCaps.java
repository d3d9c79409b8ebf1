package dev.notify.policy;

import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import dev.notify.spi.RateLimiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All frequency caps together: a delivery is counted by every cap it falls under, or by none.
 *
 * @since 0.1
 */
public final class FrequencyCaps implements DeliveryPolicy {

  private final List<FrequencyCap> caps;
  private final RateLimiter limiter;

  /**
   * Caps that count with this limiter.
   *
   * @throws ConfigurationException if two differ in nothing but what happens to their surplus
   */
  public FrequencyCaps(List<FrequencyCap> caps, RateLimiter limiter) {
    this.caps = List.copyOf(caps);
    Set<String> scopes = new HashSet<>();
    for (FrequencyCap cap : caps) {
      if (!scopes.add(cap.scope())) {
        throw new ConfigurationException("frequency cap: " + cap + " is given twice");
      }
    }
    this.limiter = limiter;
  }

  @Override
  public Decision decide(PolicyRequest request) {
    if (!counts(request)) {
      return Decision.ALLOW;
    }
    List<FrequencyCap> taken = new ArrayList<>(caps.size());
    for (FrequencyCap cap : caps) {
      if (!cap.appliesTo(request)) {
        continue;
      }
      Optional<Duration> wait = ask(cap, request);
      if (wait.isPresent()) {
        taken.forEach(counted -> limiter.release(counted.key(request), counted.rate()));
        return surplus(cap, request, wait.get());
      }
      if (request.stage() != Stage.EXPLANATION) {
        taken.add(cap);
      }
    }
    return Decision.ALLOW;
  }

  @Override
  public void undo(PolicyRequest request) {
    if (counts(request) && request.stage() != Stage.EXPLANATION) {
      for (FrequencyCap cap : caps) {
        if (cap.appliesTo(request)) {
          limiter.release(cap.key(request), cap.rate());
        }
      }
    }
  }

  private boolean counts(PolicyRequest request) {
    return !caps.isEmpty()
        && request.toBeCounted()
        && request.notification().priority() != Priority.CRITICAL;
  }

  private Optional<Duration> ask(FrequencyCap cap, PolicyRequest request) {
    return request.stage() == Stage.EXPLANATION
        ? limiter.peek(cap.key(request), cap.rate())
        : limiter.tryAcquire(cap.key(request), cap.rate());
  }

  private static Decision surplus(FrequencyCap cap, PolicyRequest request, Duration wait) {
    Reason reason = new Reason(Reason.FREQUENCY_CAP, cap.toString());
    return cap.surplus() == FrequencyCap.Surplus.DROP
        ? Decision.suppress(reason)
        : Decision.defer(request.at().plus(wait), reason);
  }
}
