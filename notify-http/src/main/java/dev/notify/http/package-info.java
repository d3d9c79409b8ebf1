/**
 * One HTTP call to a vendor, done carefully. In: a request. Out: a {@link dev.notify.http.Reply},
 * which is what the vendor answered or what it means that it did not: a call that surely never left
 * may be repeated, one that may have arrived may not.
 *
 * <p>What a status or an error code means is the vendor's business and stays with its provider.
 */
@NullMarked
package dev.notify.http;

import org.jspecify.annotations.NullMarked;
