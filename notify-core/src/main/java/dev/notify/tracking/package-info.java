/**
 * What comes back: changes told to listeners, provider events turned into status, engagement and
 * suppression, and the futures that wait for an outcome.
 */
@NullMarked
package dev.notify.tracking;

import org.jspecify.annotations.NullMarked;
