package dev.notify.engine;

import dev.notify.model.Broadcast;
import dev.notify.model.BroadcastId;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.spi.BroadcastStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks just before a delivery of a broadcast whether that is held or called off by now, perhaps by
 * another node. What it learns it believes for a moment, so that a flood of deliveries asks once.
 */
final class BroadcastGate {

  private static final Duration BELIEVED = Duration.ofMillis(500);

  /** Resume makes what was put off due at once; this is for when that was missed. */
  private static final Duration PUT_OFF = Duration.ofMinutes(10);

  private static final int MOST_KNOWN = 1_000;

  private final EngineParts parts;
  private final Settlement settlement;
  private final Map<BroadcastId, Seen> known = new ConcurrentHashMap<>();

  private record Seen(Broadcast.State state, Instant until) {}

  BroadcastGate(EngineParts parts, Settlement settlement) {
    this.parts = parts;
    this.settlement = settlement;
  }

  /** Somebody here has changed a broadcast; what was known of it is no news. */
  void changed(BroadcastId id) {
    known.remove(id);
  }

  /** Puts the delivery off, or ends it, if its broadcast says so; answers whether it did. */
  boolean stops(Delivery delivery, Instant now) {
    if (delivery.broadcast().isEmpty()) {
      return false;
    }
    Broadcast.State state = state(delivery.broadcast().get(), now);
    if (state.isHeld()) {
      hold(delivery, now);
      return true;
    }
    if (state == Broadcast.State.CANCELLING || state == Broadcast.State.CANCELLED) {
      Reason cancelled = new Reason(Reason.CANCELLED, "its broadcast was");
      settlement.ended(delivery, DeliveryStatus.CANCELLED, cancelled, List.of());
      return true;
    }
    return false;
  }

  /** It comes up once more before it expires: by then it may go, or it has expired while held. */
  private void hold(Delivery delivery, Instant now) {
    Instant lastMoment = delivery.expiresAt().minusMillis(1);
    Instant until = now.plus(PUT_OFF);
    settlement.postponedUntil(
        delivery,
        DeliveryStatus.PENDING,
        until.isBefore(lastMoment) || !now.isBefore(lastMoment) ? until : lastMoment,
        Reason.of(Reason.BROADCAST_HELD),
        List.of());
  }

  private Broadcast.State state(BroadcastId id, Instant now) {
    Seen seen = known.get(id);
    if (seen != null && now.isBefore(seen.until())) {
      return seen.state();
    }
    Broadcast.State state;
    try {
      state = look(id);
    } catch (RefusedException e) {
      // Without the store nobody can tell; what was known last is the best guess.
      return seen == null ? Broadcast.State.RUNNING : seen.state();
    }
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.put(id, new Seen(state, now.plus(BELIEVED)));
    return state;
  }

  private Broadcast.State look(BroadcastId id) {
    Optional<BroadcastStore> store = parts.store().broadcasts();
    return store
        .flatMap(broadcasts -> broadcasts.find(id))
        .map(Broadcast::state)
        .orElse(Broadcast.State.RUNNING);
  }
}
