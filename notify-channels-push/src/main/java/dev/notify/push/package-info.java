/**
 * Push messages to devices, by the vendors' own interfaces. In: a rendered message for one device
 * token or browser. Out: what the vendor said, as an {@link dev.notify.model.Outcome}. Public are
 * the providers and their factories; one class each for a vendor's request, its errors and its
 * access tokens.
 */
@NullMarked
package dev.notify.push;

import org.jspecify.annotations.NullMarked;
