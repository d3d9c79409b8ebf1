package dev.notify.tracking;

import dev.notify.model.Address;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.Suppression;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns what providers tell into status, engagement and suppression. Late, repeated and
 * out-of-order events are normal and do no harm.
 */
public final class Tracker {

  private final NotificationStore store;
  private final SuppressionList suppressions;
  private final EventPublisher events;
  private final Outcomes outcomes;

  /** A tracker over these. */
  public Tracker(
      NotificationStore store,
      SuppressionList suppressions,
      EventPublisher events,
      Outcomes outcomes) {
    this.store = store;
    this.suppressions = suppressions;
    this.events = events;
    this.outcomes = outcomes;
  }

  /**
   * Records an event.
   *
   * @return the delivery after it; empty if the message is unknown or the event is no news
   */
  public Optional<Delivery> track(ProviderEvent told) {
    Optional<Delivery> known =
        store.findByProviderMessage(told.provider(), told.providerMessageId());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Delivery before = known.get();
    DeliveryEvent event =
        new DeliveryEvent(
            before.notificationId(),
            before.id(),
            before.recipientId(),
            before.lane(),
            told.type(),
            told.at(),
            Optional.of(told.provider()),
            cause(told));
    Optional<Delivery> after = store.record(event);
    if (after.isPresent()) {
      suppressIfNeeded(before.address(), told);
      events.publish(event);
      outcomes.changed(after.get());
    }
    return after;
  }

  private static Optional<Reason> cause(ProviderEvent told) {
    return told.cause().isBlank()
        ? Optional.empty()
        : Optional.of(new Reason(told.type().name(), told.cause()));
  }

  private void suppressIfNeeded(Address address, ProviderEvent told) {
    switch (told.type()) {
      case BOUNCED -> suppress(address, Suppression.Kind.DEAD_ADDRESS, "bounced", told.at());
      case COMPLAINED ->
          suppress(address, Suppression.Kind.COMPLAINT, "reported as spam", told.at());
      case UNSUBSCRIBED -> suppress(address, Suppression.Kind.OPT_OUT, "unsubscribed", told.at());
      default -> {
        // Everything else says nothing against the address.
      }
    }
  }

  /** A provider answered an attempt with the news that the address is dead. */
  public void retire(Delivery delivery, String cause, Instant verdict) {
    suppress(delivery.address(), Suppression.Kind.DEAD_ADDRESS, cause, verdict);
  }

  private void suppress(Address address, Suppression.Kind kind, String cause, Instant at) {
    Suppression entry = Suppression.of(address, kind, cause, at);
    if (entry.holdsFor(address, at)
        && suppressions.find(address).filter(known -> outlasts(known, entry)).isEmpty()) {
      suppressions.add(entry);
    }
  }

  /**
   * A person's or the application's word outlasts a dead address, whose owner may register anew; of
   * two such verdicts the later one counts.
   */
  private static boolean outlasts(Suppression known, Suppression entry) {
    return entry.kind() == Suppression.Kind.DEAD_ADDRESS
        && known.until().isEmpty()
        && (known.kind() != Suppression.Kind.DEAD_ADDRESS || !known.at().isBefore(entry.at()));
  }
}
