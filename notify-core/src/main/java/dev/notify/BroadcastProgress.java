package dev.notify;

import dev.notify.model.Broadcast;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a broadcast has come.
 *
 * @param broadcast the broadcast; its expansion counts people
 * @param reason why it stands where it stands, where that needs saying
 * @param deliveries how many of its deliveries have come to each end, or further; {@code SENT}
 *     counts those that bounced later, too. Signs of engagement count every time
 * @param perSecond deliveries that came to an end in a second, since it began or was last resumed;
 *     zero if it is not at work
 * @since 0.1
 */
public record BroadcastProgress(
    Broadcast broadcast,
    Optional<Reason> reason,
    Map<DeliveryEvent.Type, Long> deliveries,
    double perSecond) {

  /** Takes a copy. */
  public BroadcastProgress {
    deliveries = Map.copyOf(deliveries);
  }

  static BroadcastProgress of(
      Broadcast broadcast, Optional<Reason> reason, Map<Type, Long> counts, Instant now) {
    Tally tally = Tally.of(broadcast, counts);
    double seconds = (now.toEpochMilli() - broadcast.baseline().at().toEpochMilli()) / 1_000.0;
    boolean isAtWork = broadcast.state().isActive() && seconds > 0;
    return new BroadcastProgress(
        broadcast,
        reason,
        counts,
        isAtWork ? (tally.ended() - broadcast.baseline().ended()) / seconds : 0);
  }

  /** Where it stands. */
  public Broadcast.State state() {
    return broadcast.state();
  }

  /** How many people had their turn. */
  public long members() {
    return broadcast.expansion().members();
  }

  /** How many people have not had their turn, where the audience can tell. */
  public OptionalLong remaining() {
    OptionalLong size = broadcast.expansion().size();
    if (broadcast.expansion().exhausted()) {
      return OptionalLong.of(0);
    }
    return size.isEmpty() ? size : OptionalLong.of(Math.max(0, size.getAsLong() - members()));
  }

  /** How many deliveries came to this end, or further. */
  public long count(DeliveryEvent.Type type) {
    return deliveries.getOrDefault(type, 0L);
  }

  /** How many deliveries have not come to an end. */
  public long open() {
    return Math.max(
        0, broadcast.expansion().deliveries() - Tally.of(broadcast, deliveries).ended());
  }
}
