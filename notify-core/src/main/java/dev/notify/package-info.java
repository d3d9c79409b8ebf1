/**
 * The front door: {@link dev.notify.NotificationDispatcher} and what it answers. The only place
 * that wires the rooms together.
 */
@NullMarked
package dev.notify;

import org.jspecify.annotations.NullMarked;
