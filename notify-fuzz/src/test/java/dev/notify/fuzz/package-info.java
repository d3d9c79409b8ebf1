/**
 * Hostile input for everything that strangers can reach. Each target starts from what is valid,
 * spoils it by chance, and holds the library to the same four things: it answers in time, without
 * more memory than the input deserves, with none but documented exceptions, and without a word
 * about persons in the log. {@code docs/proof.md} says how to run more of it and how to repeat one.
 */
@org.jspecify.annotations.NullMarked
package dev.notify.fuzz;
