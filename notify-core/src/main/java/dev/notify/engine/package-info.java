/**
 * Carries accepted deliveries out: lanes, workers on the host's executor, provider chains with
 * retry and failover, settlement, shutdown. What was decided and planned comes in; what became of
 * it goes to the store and to {@link dev.notify.tracking}.
 */
@NullMarked
package dev.notify.engine;

import org.jspecify.annotations.NullMarked;
