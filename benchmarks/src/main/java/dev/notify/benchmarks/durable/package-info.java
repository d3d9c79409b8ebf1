/**
 * The durable store beside its peers on one PostgreSQL, and its own counters. {@code Durable} runs
 * the measurements, each in a class of its own; they meet every library through {@code Contestant}.
 */
@NullMarked
package dev.notify.benchmarks.durable;

import org.jspecify.annotations.NullMarked;
