/**
 * What a contributor implements: a provider, a store, a directory, a policy, a listener. Small
 * interfaces over the values of {@link dev.notify.model}; no implementation lives here.
 */
@NullMarked
package dev.notify.spi;

import org.jspecify.annotations.NullMarked;
