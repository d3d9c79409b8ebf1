/**
 * The REST server under a load that does not wait for it. The server runs in a process of its own;
 * here are who starts it, who sends at fixed times, and what is made of the answers.
 */
@NullMarked
package dev.notify.benchmarks.server;

import org.jspecify.annotations.NullMarked;
