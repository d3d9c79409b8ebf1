package dev.notify.memory;

import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Statistics;
import dev.notify.model.Statistics.Amount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How often what happened, by the hour; guarded by the store's lock. */
final class MemoryCounts {

  private static final Type[] TYPES = Type.values();

  /** Of each hour and channel, as many as there are types. */
  private final Hours<Map<Channel, long[]>> hours = new Hours<>(TreeMap::new);

  /** Counts a delivery under what it is that has come from one status to another. */
  static void types(@Nullable DeliveryStatus before, DeliveryStatus now, Consumer<Type> counting) {
    if (now.isOpen() || before == now) {
      return;
    }
    Type type = Type.valueOf(now.name());
    if (before == DeliveryStatus.UNCONFIRMED && now.isSent() && type != Type.SENT) {
      counting.accept(Type.SENT);
    }
    counting.accept(type);
  }

  /** A delivery was stored, or has become another. */
  void note(Delivery delivery, @Nullable DeliveryStatus before) {
    types(before, delivery.status(), type -> count(delivery.channel(), type, delivery.updatedAt()));
  }

  /** Something happened to a message. */
  void happened(Delivery delivery, DeliveryEvent event) {
    if (event.isEngagement()) {
      count(delivery.channel(), event.type(), event.at());
    }
  }

  private void count(Channel channel, Type type, Instant at) {
    hours.at(at).computeIfAbsent(channel, any -> new long[TYPES.length])[type.ordinal()]++;
    if (hours.size() > Hours.MOST) {
      var ignored = hours.removeOldest();
    }
  }

  Statistics between(Instant from, Instant to) {
    List<Amount> amounts = new ArrayList<>();
    hours
        .between(from, to)
        .forEach(
            (hour, channels) ->
                channels.forEach(
                    (channel, counts) -> {
                      for (Type type : TYPES) {
                        long count = counts[type.ordinal()];
                        if (count > 0) {
                          amounts.add(new Amount(hour, channel, type, count));
                        }
                      }
                    }));
    return new Statistics(from, to, amounts);
  }
}
