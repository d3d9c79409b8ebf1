/**
 * Programs to read and to copy from. In: a small file of people and texts. Out: what became of each
 * message, on the console. Everything outside the process, mail server and vendors, is stood in for
 * by {@link dev.notify.examples.standin}; nothing here is a library.
 */
@NullMarked
package dev.notify.examples;

import org.jspecify.annotations.NullMarked;
