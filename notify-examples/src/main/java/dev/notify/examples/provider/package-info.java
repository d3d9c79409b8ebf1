/**
 * A provider as a contributor from outside would write it, with {@code notify-core} and the JDK
 * only. {@code docs/writing-a-provider.md} walks through it.
 */
@NullMarked
package dev.notify.examples.provider;

import org.jspecify.annotations.NullMarked;
