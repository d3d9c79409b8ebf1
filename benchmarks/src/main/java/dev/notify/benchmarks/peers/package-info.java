/**
 * This library beside its peers, on one PostgreSQL and in memory, and its own counters. {@code
 * Peers} runs the measurements, each in a class of its own; they meet every library through {@code
 * Contestant}.
 */
@NullMarked
package dev.notify.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
