package dev.notify.policy;

import dev.notify.model.Channel;
import dev.notify.model.Decision;
import dev.notify.model.Preferences;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest;
import java.time.Instant;
import java.util.Optional;

/** What the person has chosen, and what each kind of category makes of it. */
final class PreferencePolicy implements DeliveryPolicy {

  @Override
  public Decision decide(PolicyRequest request) {
    Optional<Reason> refusal = refusal(request, request.channel());
    if (refusal.isPresent()) {
      return Decision.suppress(refusal.get());
    }
    Optional<Instant> paused = request.preferences().pausedUntil();
    return paused.isPresent()
            && request.at().isBefore(paused.get())
            && request.notification().priority() != Priority.CRITICAL
        ? Decision.defer(paused.get(), new Reason(Reason.PAUSED, "all notifications paused"))
        : Decision.ALLOW;
  }

  private static Optional<Reason> refusal(PolicyRequest request, Channel channel) {
    return switch (request.category().kind()) {
      case MARKETING -> consent(request, channel);
      case OPTIONAL -> optOut(request, channel);
      case TRANSACTIONAL ->
          isLastWayOut(request, channel) ? Optional.empty() : optOut(request, channel);
    };
  }

  private static Optional<Reason> optOut(PolicyRequest request, Channel channel) {
    return request
        .preferences()
        .choiceFor(channel, request.category().name())
        .filter(match -> !match.choice().wanted())
        .map(match -> new Reason(Reason.OPTED_OUT, "of " + match.scope()));
  }

  /** Consent is for a category by name: a yes to a channel as such is none. */
  private static Optional<Reason> consent(PolicyRequest request, Channel channel) {
    Optional<Preferences.Match> match =
        request.preferences().choiceFor(channel, request.category().name());
    if (match.isPresent() && !match.get().choice().wanted()) {
      return Optional.of(new Reason(Reason.OPTED_OUT, "of " + match.get().scope()));
    }
    boolean consented = match.isPresent() && match.get().scope().category().isPresent();
    return consented
        ? Optional.empty()
        : Optional.of(new Reason(Reason.NO_CONSENT, "no opt-in to " + request.category().name()));
  }

  /** With every channel opted out of, a transactional message still takes the first. */
  private static boolean isLastWayOut(PolicyRequest request, Channel channel) {
    return !request.channels().isEmpty()
        && request.channels().get(0).equals(channel)
        && request.channels().stream().allMatch(other -> optOut(request, other).isPresent());
  }
}
