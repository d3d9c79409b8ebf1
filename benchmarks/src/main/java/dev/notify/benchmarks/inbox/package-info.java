/**
 * From {@code send} to the client's event, over many open streams. {@code Inboxes} runs it; the
 * clients live in a JVM of their own.
 */
@NullMarked
package dev.notify.benchmarks.inbox;

import org.jspecify.annotations.NullMarked;
