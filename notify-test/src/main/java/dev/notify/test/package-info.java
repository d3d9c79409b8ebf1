/**
 * What a user or contributor tests with. In: an implementation of a contract of {@link
 * dev.notify.spi} and a stand-in for the outside world. Out: the verdict of a contract suite.
 * Belongs in a test scope; nothing here runs in production.
 */
@NullMarked
package dev.notify.test;

import org.jspecify.annotations.NullMarked;
