/**
 * Turns a template's name, a channel, a locale and variables into {@link dev.notify.model.Content}.
 *
 * <p>Templates are Mustache texts by part: {@code order-shipped/pt-BR/email.subject}, {@code
 * .../email.html}, {@code .../sms.text}. They see plain data only. Where texts come from is a
 * {@link dev.notify.spi.TemplateSource}; what becomes of the content is not this room's business.
 */
@NullMarked
package dev.notify.template;

import org.jspecify.annotations.NullMarked;
