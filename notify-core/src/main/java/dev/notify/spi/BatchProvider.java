package dev.notify.spi;

import dev.notify.model.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * A provider whose vendor takes several messages in one call.
 *
 * <p>The engine makes use of it when there is a crowd: while two calls are under way, messages of
 * the same kind gather and go together with the next one. A lone message goes by {@link
 * #deliver(OutboundMessage)} and never waits for company; nor does a {@code CRITICAL} one, or one
 * whose answer was lost. Rates and quotas count messages, not calls.
 *
 * <p>An answer that is lost is lost for all who shared the call. A vendor's idempotency key covers
 * the call as it was, so such a message is not asked for again under its own key: it is settled by
 * {@link #lookUp} or a webhook, or held.
 *
 * @since 0.1
 */
public interface BatchProvider extends ChannelProvider {

  /** The most messages that one call may carry; 1 if calls are not to be shared. */
  int batchLimit();

  /**
   * What messages must have in common to share a call, compared with {@code equals}; empty if this
   * one goes by itself. Called for each message, so it should be cheap.
   */
  Optional<Object> batchKey(OutboundMessage message);

  /**
   * Makes one attempt with several messages of one key, and waits for the answer: one outcome for
   * each, in the order of the messages. The rules of {@link #deliver(OutboundMessage)} hold for
   * each of them; one bad recipient spoils no other's message.
   */
  List<Outcome> deliver(List<OutboundMessage> messages);
}
