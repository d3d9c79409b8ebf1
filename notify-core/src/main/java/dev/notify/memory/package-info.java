/**
 * Everything in the heap: the store, preferences, suppression list and token buckets that a
 * dispatcher uses unless it is given others. Complete and bounded; gone with the process.
 */
@NullMarked
package dev.notify.memory;

import org.jspecify.annotations.NullMarked;
