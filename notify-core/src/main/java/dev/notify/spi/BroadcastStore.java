package dev.notify.spi;

import dev.notify.model.Broadcast;
import dev.notify.model.BroadcastId;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.spi.NotificationStore.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a store that keeps broadcasts. All methods are thread-safe and atomic.
 *
 * <p>Changes name the version they change. Of several nodes that expand the same page one has its
 * way, and nothing is kept of what the others would have written: that makes an expansion happen
 * exactly once.
 *
 * @since 0.1
 */
public interface BroadcastStore {

  /**
   * Keeps a new broadcast. If its notification's idempotency key is one of an earlier broadcast,
   * keeps nothing.
   *
   * @return the broadcast, or the earlier one
   */
  Broadcast add(Broadcast broadcast);

  /** A broadcast as it stands. */
  Optional<Broadcast> find(BroadcastId id);

  /** Broadcasts that are not finished, oldest first. */
  List<Broadcast> unfinished();

  /**
   * Replaces a broadcast, if it still has the version that {@code next} carries.
   *
   * @return the broadcast with its new version; empty if someone else changed it
   */
  Optional<Broadcast> replace(Broadcast next);

  /**
   * As {@link #replace}, and keeps a page of its notifications, all or nothing. None of their
   * deliveries is in anybody's hands.
   *
   * @throws dev.notify.model.RefusedException if there is no room or the store cannot be reached
   */
  Optional<Broadcast> expand(Broadcast next, List<Submission> page);

  /**
   * What has happened to the deliveries of a broadcast: how many have come to each end, or further;
   * how often each sign of engagement came.
   */
  Map<DeliveryEvent.Type, Long> counts(BroadcastId id);

  /**
   * How many of its deliveries are under way: all that have not ended, but for those whose time has
   * not come. Counts no further than to a limit.
   */
  int backlog(BroadcastId id, Instant now, int atMost);

  /** Whether any of its deliveries has not ended. */
  boolean hasOpen(BroadcastId id);

  /** Deliveries of it that are open and in nobody's hands, at most {@code limit}. */
  List<Delivery> waiting(BroadcastId id, int limit);

  /** Makes due now what was put off because the broadcast was held. */
  void release(BroadcastId id, Instant now);
}
