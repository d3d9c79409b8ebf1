package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.spi.Audience;
import dev.notify.spi.RecipientStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the builder has put together.
 *
 * @param parts what intake and engine share
 * @param ids makes ids
 * @param idempotencyWindow how long a key counts
 * @param defaultExpiry how long a notification is of use that does not say so itself
 * @param closeTimeout how long {@code close()} waits
 * @param audiences known here, by name; more may come at any time
 * @param people who are found by their ids, where the application does not keep them itself
 * @param links what the application serves, if it does
 * @param owned closes what the dispatcher made itself
 */
record Wiring(
    EngineParts parts,
    UuidV7 ids,
    Duration idempotencyWindow,
    Duration defaultExpiry,
    Duration closeTimeout,
    ConcurrentHashMap<String, Audience> audiences,
    Optional<RecipientStore> people,
    Optional<SignedLinks> links,
    List<Runnable> owned) {

  Instant now() {
    return parts.clock().instant();
  }

  NotificationId newNotificationId() {
    return new NotificationId(ids.next());
  }

  DeliveryId newDeliveryId() {
    return new DeliveryId(ids.next());
  }
}
