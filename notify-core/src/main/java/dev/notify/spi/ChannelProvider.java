package dev.notify.spi;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import java.util.Optional;

/**
 * Hands messages of one channel to one vendor. One class with a builder, called after its vendor.
 *
 * <p>Implementations are thread-safe. They keep their own connect and read timeouts, react to
 * interruption, and answer every documented error with the {@link Outcome} it means. They never log
 * addresses, content or secrets, nor show them in {@code toString}.
 *
 * @since 0.1
 */
public interface ChannelProvider extends AutoCloseable {

  /** A name that is unique within the dispatcher, for example {@code twilio}; it stands in logs. */
  String name();

  /** The channel it serves. */
  Channel channel();

  /**
   * Makes one attempt and waits for the answer.
   *
   * <p>Never answers {@code Retryable} once the request may have reached the vendor: that is {@code
   * Unknown}. Whatever it throws counts as {@code Unknown} too, since nobody can tell.
   */
  Outcome deliver(OutboundMessage message);

  /**
   * Why it cannot use this address; empty if it can. Decides which providers an address may take.
   */
  default Optional<String> problemWith(Address address) {
    return Optional.empty();
  }

  /** Why it cannot carry this content, its size for example; empty if it can. */
  default Optional<String> problemWith(Content content) {
    return Optional.empty();
  }

  /**
   * Whether a repeated attempt with the same {@link OutboundMessage#reference()} yields one message
   * at the recipient. If so, an {@code Unknown} is settled by asking again.
   */
  default boolean isIdempotent() {
    return false;
  }

  /** Whether {@link #lookUp} can ever answer. */
  default boolean canLookUp() {
    return false;
  }

  /**
   * What became of an attempt whose answer was lost, looked up by {@link
   * OutboundMessage#reference()}; empty if the vendor does not know yet.
   */
  default Optional<Outcome> lookUp(OutboundMessage message) {
    return Optional.empty();
  }

  /** Releases connections. Called once, after the last attempt has returned. */
  @Override
  default void close() {}
}
