package dev.notify.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a dispatcher stands at one moment, for a health endpoint. Holds ids and names only.
 *
 * @param state the worst that the reasons say
 * @param reasons a sentence for each thing that is not as it should be; empty if all is well
 * @param channels the load of each channel in this process
 * @param providers the providers, as this process knows them
 * @param store where notifications are kept
 * @since 0.1
 */
public record Health(
    State state,
    List<String> reasons,
    List<ChannelHealth> channels,
    List<ProviderHealth> providers,
    StoreHealth store) {

  /** Takes copies. */
  public Health {
    reasons = List.copyOf(reasons);
    channels = List.copyOf(channels);
    providers = List.copyOf(providers);
  }

  /** How well it is. */
  public enum State {
    /** All is well. */
    UP,
    /** It works, but somebody should look. */
    DEGRADED,
    /** It can accept or deliver nothing. */
    DOWN
  }

  /** The state of a provider's circuit breaker. */
  public enum Breaker {
    /** Calls pass. */
    CLOSED,
    /** A few calls pass, to find out. */
    HALF_OPEN,
    /** No calls pass. */
    OPEN
  }

  /**
   * The load of one channel in this process.
   *
   * @param channel the channel
   * @param queued deliveries that wait for a worker
   * @param inFlight deliveries that a worker has in hand
   * @param room deliveries that its lanes would still take; what is beyond waits in the store
   * @param queuedBy those that wait for a worker, lane by lane
   */
  public record ChannelHealth(
      Channel channel, int queued, int inFlight, int room, Map<Priority, Integer> queuedBy) {

    /** Takes a copy. */
    public ChannelHealth {
      queuedBy = Map.copyOf(queuedBy);
    }
  }

  /**
   * A provider, as this process knows it.
   *
   * @param name its name
   * @param channel its channel
   * @param breaker its circuit breaker
   * @param resting how long it is left alone because it asked for that; zero if it is not
   * @param inFlight calls under way
   */
  public record ProviderHealth(
      String name, Channel channel, Breaker breaker, Duration resting, int inFlight) {

    /** Whether it would be called now. */
    public boolean isUsable() {
      return breaker != Breaker.OPEN && resting.isZero();
    }
  }

  /**
   * Where notifications are kept.
   *
   * @param fault why it cannot be asked; empty if it can
   * @param node this process among those that share it; empty for a store that is not shared
   * @param lateness for each lane with work that is due and in nobody's hands, for how long the
   *     oldest has been due
   * @param stuck deliveries in the hands of a process that is gone and that nobody has taken over,
   *     counted up to a hundred
   */
  public record StoreHealth(
      Optional<String> fault, Optional<NodeHealth> node, Map<Lane, Duration> lateness, int stuck) {

    /** Takes a copy. */
    public StoreHealth {
      lateness = Map.copyOf(lateness);
    }

    /** A store that answers, and with which nothing is wrong. */
    public static StoreHealth reachable() {
      return new StoreHealth(Optional.empty(), Optional.empty(), Map.of(), 0);
    }

    /** A store that cannot be asked. */
    public static StoreHealth unreachable(String fault) {
      return new StoreHealth(Optional.of(fault), Optional.empty(), Map.of(), 0);
    }
  }

  /**
   * A process among those that share a store.
   *
   * @param name its name
   * @param inCharge whether it may send what it holds
   * @param heartbeatAge how long ago it last said that it lives
   * @param live how many live, itself included
   */
  public record NodeHealth(String name, boolean inCharge, Duration heartbeatAge, int live) {}
}
