/**
 * Whether and when a delivery may go out: expiry, suppression list, preferences and category rules,
 * the application's own policies, send times, quiet hours and delivery windows, frequency caps, in
 * this order.
 *
 * <p>In comes a {@link dev.notify.spi.PolicyRequest}, out goes a {@link dev.notify.model.Decision}
 * with its reason. Which channels to try and what to send is decided elsewhere.
 */
@NullMarked
package dev.notify.policy;

import org.jspecify.annotations.NullMarked;
