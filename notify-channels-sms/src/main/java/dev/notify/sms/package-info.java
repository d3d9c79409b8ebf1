/**
 * Text messages, by the vendors' own interfaces. In: a rendered message for one phone number. Out:
 * what the vendor said, as an {@link dev.notify.model.Outcome}. Later: what the vendor reports, and
 * who said STOP. Public are the providers, their factories and webhooks, and {@link
 * dev.notify.sms.SmsSegments}, which tells what a text will cost. What vendors have in common is
 * package-private: senders, bodies, refusals, answers of people.
 */
@NullMarked
package dev.notify.sms;

import org.jspecify.annotations.NullMarked;
