package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.spi.Audience;
import dev.notify.template.TemplateLibrary;
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
 * @param links what the application serves, if it does
 * @param library templates that are edited, if the store keeps any
 * @param owned closes what the dispatcher made itself
 */
record Wiring(
    EngineParts parts,
    UuidV7 ids,
    Duration idempotencyWindow,
    Duration defaultExpiry,
    Duration closeTimeout,
    ConcurrentHashMap<String, Audience> audiences,
    Optional<SignedLinks> links,
    Optional<TemplateLibrary> library,
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
