package dev.notify;

import dev.notify.model.BroadcastId;

/**
 * What {@code broadcast} answers at once: it is stored, and goes on in the background.
 *
 * @param id its id, for {@link Broadcasts}
 * @param answer {@code NEW}; or {@code REPLAYED} if the idempotency key is one of an earlier
 *     broadcast, which is this one
 * @since 0.1
 */
public record BroadcastReceipt(BroadcastId id, SendReceipt.Answer answer) {}
