package dev.notify.benchmarks.providers;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.Priority;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Messages that differ in their delivery only, as the engine hands them to a provider.
 *
 * @param address where all of them go
 * @param content what all of them say
 */
record Messages(Address address, Content content) {

  /** Version 7 and its variant, as the engine's ids have them. */
  private static final long HIGH = 0x0197_0000_0000_7000L;

  private static final long LOW = 0x8000_0000_0000_0000L;

  private static final NotificationId NOTIFICATION = new NotificationId(id(0));
  private static final Instant CREATED = Instant.now();

  /** Days, so that none expires during a run. */
  private static final Instant EXPIRES = CREATED.plusSeconds(2 * 86_400);

  /** The id that the message of this number has. */
  static UUID id(int number) {
    return new UUID(HIGH, LOW | number);
  }

  OutboundMessage message(int number) {
    return new OutboundMessage(
        new DeliveryId(id(number)),
        NOTIFICATION,
        "user-42",
        address,
        content,
        Category.GENERAL,
        Priority.NORMAL,
        CREATED,
        EXPIRES,
        Map.of());
  }

  /** Delivers one, and insists on its being taken. */
  void deliver(ChannelProvider provider, int number) {
    Outcome outcome = provider.deliver(message(number));
    if (!(outcome instanceof Outcome.Accepted)) {
      throw new IllegalStateException(provider.name() + ": " + outcome);
    }
  }
}
