package dev.notify;

import dev.notify.engine.DeliveryEngine;
import dev.notify.engine.EngineParts;
import dev.notify.model.Channel;
import dev.notify.model.Health;
import dev.notify.model.Health.Breaker;
import dev.notify.model.Health.ChannelHealth;
import dev.notify.model.Health.ProviderHealth;
import dev.notify.model.Health.State;
import dev.notify.model.Health.StoreHealth;
import dev.notify.model.Lane;
import dev.notify.model.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at everything once and draws the conclusion. */
final class Checkup {

  /** So late that somebody should look; a busy moment is no fault. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private final EngineParts parts;
  private final DeliveryEngine engine;
  private final List<String> degraded = new ArrayList<>();
  private final List<String> down = new ArrayList<>();

  Checkup(EngineParts parts, DeliveryEngine engine) {
    this.parts = parts;
    this.engine = engine;
  }

  Health look(boolean closed) {
    List<ChannelHealth> channels = engine.channels();
    List<ProviderHealth> providers = engine.providers();
    StoreHealth store =
        closed ? StoreHealth.unreachable("the dispatcher is closed") : askStore(channels);
    judge(store);
    channels.forEach(this::judge);
    judgeProviders(providers);
    State state = !down.isEmpty() ? State.DOWN : degraded.isEmpty() ? State.UP : State.DEGRADED;
    List<String> reasons = Stream.concat(down.stream(), degraded.stream()).toList();
    return new Health(state, reasons, channels, providers, store);
  }

  /** A health endpoint must answer, whatever the store does. */
  private StoreHealth askStore(List<ChannelHealth> channels) {
    Set<Lane> lanes =
        channels.stream()
            .flatMap(
                channel ->
                    Stream.of(Priority.values()).map(each -> new Lane(channel.channel(), each)))
            .collect(Collectors.toUnmodifiableSet());
    try {
      return parts.store().health(lanes);
    } catch (RuntimeException e) {
      return StoreHealth.unreachable("it threw " + e.getClass().getName());
    }
  }

  private void judge(StoreHealth store) {
    store.fault().ifPresent(fault -> down.add("store: " + fault));
    store
        .node()
        .filter(node -> !node.inCharge())
        .ifPresent(
            node ->
                down.add(
                    "node "
                        + node.name()
                        + " may be taken for dead: its last heartbeat was "
                        + seconds(node.heartbeatAge())
                        + " ago"));
    for (Map.Entry<Lane, Duration> late : store.lateness().entrySet()) {
      if (late.getValue().compareTo(LATE) > 0) {
        degraded.add("lane " + late.getKey() + " is " + seconds(late.getValue()) + " late");
      }
    }
    if (store.stuck() > 0) {
      degraded.add("deliveries stuck with a process that is gone: " + store.stuck());
    }
  }

  private void judge(ChannelHealth channel) {
    if (channel.room() == 0) {
      degraded.add("channel " + channel.channel() + " has no room");
    }
  }

  private void judgeProviders(List<ProviderHealth> providers) {
    for (ProviderHealth provider : providers) {
      if (provider.breaker() != Breaker.CLOSED) {
        degraded.add("provider " + provider.name() + ": circuit breaker " + provider.breaker());
      } else if (!provider.resting().isZero()) {
        degraded.add("provider " + provider.name() + " rests for " + seconds(provider.resting()));
      }
    }
    Map<Channel, List<ProviderHealth>> byChannel =
        providers.stream().collect(Collectors.groupingBy(ProviderHealth::channel));
    byChannel.forEach(
        (channel, chain) -> {
          if (chain.stream().noneMatch(ProviderHealth::isUsable)) {
            degraded.add("channel " + channel + " has no provider that can be called");
          }
        });
    if (providers.stream().noneMatch(ProviderHealth::isUsable)) {
      down.add("no provider of any channel can be called");
    }
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }
}
