/**
 * The micro-benchmarks and their figures. Each class beside {@code Micro} measures one thing with
 * JMH; {@code Micro} runs them in turn and makes figures of their scores. Nothing here is part of
 * the library.
 */
@NullMarked
package dev.notify.benchmarks;

import org.jspecify.annotations.NullMarked;
