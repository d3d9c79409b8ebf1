package dev.notify;

import dev.notify.analytics.Funnels;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.spi.RollupStore;

/**
 * How far notifications come. Counts are made in the very step in which something happens, by all
 * nodes on the same store, so an answer is exact and needs to look at no delivery. Made by {@link
 * NotificationDispatcher#analytics}; thread-safe.
 *
 * @since 0.1
 */
public final class Analytics {

  private final RollupStore store;

  Analytics(RollupStore store) {
    this.store = store;
  }

  /**
   * How far the deliveries came that were accepted within a time.
   *
   * @throws dev.notify.model.RefusedException if the store cannot be reached
   */
  public Funnel funnel(FunnelQuery query) {
    return Funnels.answer(query, store);
  }
}
