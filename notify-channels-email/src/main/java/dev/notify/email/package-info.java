/**
 * E-mail. In: a rendered message and one address. Out: what the mail relay or the vendor made of
 * it. A message becomes a {@link dev.notify.email.Letter}, and each provider posts that in its way:
 * {@link dev.notify.email.SmtpProvider} over the relay connections that live here, the vendors over
 * HTTP, which is the same for all in {@link dev.notify.email.HttpMail}. Beside them stands the
 * meaning of every reply. Which message goes when and how often belongs to the engine; bounces that
 * come back by mail belong to tracking.
 */
@NullMarked
package dev.notify.email;

import org.jspecify.annotations.NullMarked;
