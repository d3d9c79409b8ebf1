/**
 * {@code benchmarks/run soak}: one process under a steady load for a long time, with a provider
 * that fails now and then, and whether anything grows meanwhile. A timetable comes in; samples, a
 * verdict and a chart go out.
 */
@NullMarked
package dev.notify.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
