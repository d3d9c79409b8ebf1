package dev.notify.test;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Messages to try a provider with: real values with ids of their own, accepted at a fixed moment,
 * so that a test reads the same every day. Thread-safe.
 *
 * @since 0.1
 */
public final class SampleMessages {

  /** When every sample was accepted. A test's clock starts here. */
  public static final Instant CREATED_AT = Instant.parse("2026-01-02T03:04:05Z");

  /** How long a sample is of use, unless told otherwise. */
  public static final Duration LIFETIME = Duration.ofHours(1);

  private SampleMessages() {}

  /** A message of normal priority that is of use for an hour, with new ids. */
  public static OutboundMessage to(Address address, Content content) {
    return to(address, content, Priority.NORMAL, CREATED_AT.plus(LIFETIME));
  }

  /** A message of this priority and end, with new ids. */
  public static OutboundMessage to(
      Address address, Content content, Priority priority, Instant expiresAt) {
    return new OutboundMessage(
        new DeliveryId(UUID.randomUUID()),
        new NotificationId(UUID.randomUUID()),
        "user-42",
        address,
        content,
        Category.GENERAL,
        priority,
        CREATED_AT,
        expiresAt,
        Map.of());
  }

  /** The same message as a delivery of its own. */
  public static OutboundMessage another(OutboundMessage message) {
    return to(message.address(), message.content(), message.priority(), message.expiresAt());
  }
}
