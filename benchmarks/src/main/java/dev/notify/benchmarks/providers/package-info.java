/**
 * Providers beside the bare client of their protocol, against the same stand-in on this machine.
 * {@code Providers} runs the measurements, one class for each protocol.
 */
@NullMarked
package dev.notify.benchmarks.providers;

import org.jspecify.annotations.NullMarked;
