/**
 * The words of the house as immutable values: what an application asks for ({@link
 * dev.notify.model.Notification}), whom it reaches ({@link dev.notify.model.Recipient}), what
 * leaves ({@link dev.notify.model.Delivery}, {@link dev.notify.model.Content}) and what came of it
 * ({@link dev.notify.model.Outcome}, {@link dev.notify.model.DeliveryEvent}).
 *
 * <p>Nothing here does input or output, reads a clock, or knows another package of the library.
 */
@NullMarked
package dev.notify.model;

import org.jspecify.annotations.NullMarked;
