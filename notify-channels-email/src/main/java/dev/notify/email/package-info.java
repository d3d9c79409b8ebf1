/**
 * E-mail. In: a rendered message and one address. Out: what the mail relay made of it. Here live
 * the relay connections, the MIME form of a message, and the meaning of every SMTP reply. Which
 * message goes when and how often belongs to the engine; bounces that come back by mail belong to
 * tracking.
 */
@NullMarked
package dev.notify.email;

import org.jspecify.annotations.NullMarked;
