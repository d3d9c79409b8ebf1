/**
 * Channels beside the built-in four: signed webhooks to others' systems, Slack, and a log. In: a
 * rendered message for one address. Out: what became of it, as an {@link dev.notify.model.Outcome}.
 */
@NullMarked
package dev.notify.webhook;

import org.jspecify.annotations.NullMarked;
