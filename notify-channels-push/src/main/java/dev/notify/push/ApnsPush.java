package dev.notify.push;

import com.eatthepath.pushy.apns.ApnsPushNotification;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Content;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request as Pushy reads it, and whether Pushy has begun to. It reads when it has a connection
 * and a stream, so of leaving and calling off exactly one happens.
 *
 * <p>Thread-safe.
 */
final class ApnsPush implements ApnsPushNotification {

  /** How long APNs keeps a message for a device that is off. */
  static final Duration LONGEST_LIFE = Duration.ofDays(30);

  private enum State {
    WAITING,
    LEFT,
    CALLED_OFF
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private volatile long leftAt;
  private final String token;
  private final String topic;
  private final String payload;
  private final Instant expiration;
  private final DeliveryPriority priority;
  private final PushType type;
  private final String collapseId;
  private final UUID id;

  private ApnsPush(OutboundMessage message, String topic, Instant now) {
    Content content = message.content();
    this.token = message.address().value();
    this.topic = topic;
    this.payload = Traits.text(payload(content, message.reference()));
    this.expiration = now.plusSeconds(Traits.secondsToLive(message, now, LONGEST_LIFE));
    this.priority =
        ApplePayload.isImmediate(content, message.priority())
            ? DeliveryPriority.IMMEDIATE
            : DeliveryPriority.CONSERVE_POWER;
    this.type = ApplePayload.isBackground(content) ? PushType.BACKGROUND : PushType.ALERT;
    this.collapseId = Traits.replaces(message);
    this.id = UUID.fromString(message.reference());
  }

  /** The request for a message, made at {@code now}. */
  static ApnsPush of(OutboundMessage message, String topic, Instant now) {
    return new ApnsPush(message, topic, now);
  }

  /** Bytes that count against APNs' limit. */
  static int payloadBytes(Content content) {
    return Traits.bytes(payload(content, Traits.ANY_REFERENCE)).length;
  }

  /** Data stands beside {@code aps}, where applications find FCM's too. */
  private static ObjectNode payload(Content content, String reference) {
    ObjectNode payload = Traits.object();
    ObjectNode aps = ApplePayload.aps(content);
    if (Traits.isAlert(content)) {
      ApplePayload.addWords(aps, content);
    }
    payload.set("aps", aps);
    // Sorted, so that a message has one form only and a test can name it.
    new TreeMap<>(content.data()).forEach(payload::put);
    content.image().ifPresent(image -> payload.put(ApnsProvider.IMAGE_KEY, image));
    content.link().ifPresent(link -> payload.put(ApnsProvider.LINK_KEY, link));
    if (!content.push().actions().isEmpty()) {
      payload.set(ApnsProvider.ACTIONS_KEY, Traits.actions(content.push()));
    }
    return payload.put(ApnsProvider.REFERENCE_KEY, reference);
  }

  /** When Pushy began to write it, by {@code System.nanoTime}; empty if it has not. */
  OptionalLong leftAt() {
    return state.get() == State.LEFT ? OptionalLong.of(leftAt) : OptionalLong.empty();
  }

  /** Keeps it from leaving; {@code false} if it has left already. */
  boolean callOff() {
    return state.compareAndSet(State.WAITING, State.CALLED_OFF) || state.get() != State.LEFT;
  }

  /**
   * The device, for the path. What Pushy reads first, so the moment of departure.
   *
   * @throws CancellationException if it was called off; Pushy then writes nothing
   */
  @Override
  public String getToken() {
    if (state.get() == State.WAITING) {
      leftAt = System.nanoTime();
    }
    // A stream that APNs refused is written once more.
    if (!state.compareAndSet(State.WAITING, State.LEFT) && state.get() == State.CALLED_OFF) {
      throw new CancellationException("called off");
    }
    return token;
  }

  @Override
  public String getPayload() {
    return payload;
  }

  @Override
  public Instant getExpiration() {
    return expiration;
  }

  @Override
  public DeliveryPriority getPriority() {
    return priority;
  }

  @Override
  public PushType getPushType() {
    return type;
  }

  @Override
  public String getTopic() {
    return topic;
  }

  @Override
  public @Nullable String getCollapseId() {
    return collapseId;
  }

  @Override
  public UUID getApnsId() {
    return id;
  }

  @Override
  public String toString() {
    return "ApnsPush[" + id + "]";
  }
}
