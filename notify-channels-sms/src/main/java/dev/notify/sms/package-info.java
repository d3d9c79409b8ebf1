/**
 * Text messages, by the vendors' own interfaces. In: a rendered message for one phone number. Out:
 * what the vendor said, as an {@link dev.notify.model.Outcome}. Public are the providers, their
 * factories and {@link dev.notify.sms.SmsSegments}, which tells what a text will cost.
 */
@NullMarked
package dev.notify.sms;

import org.jspecify.annotations.NullMarked;
