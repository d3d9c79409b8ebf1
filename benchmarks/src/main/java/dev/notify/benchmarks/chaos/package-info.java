/**
 * {@code benchmarks/run chaos}: processes that share a database, faults by a seeded schedule, and a
 * checker over the whole history. Processes write what they do into journals; the checker reads
 * nothing but those and the tables as they stand at the end.
 */
@NullMarked
package dev.notify.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
