package dev.notify.spi;

import java.util.Optional;

/**
 * Where template texts come from. A template is a few named texts, one for each part of a channel's
 * message, for example {@code order-shipped/pt-BR/email.subject}; partials and layouts are texts
 * too. Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TemplateSource {

  /**
   * The text at this path (letters, digits, {@code - _ . /}, never {@code ..}); empty if there is
   * none.
   */
  Optional<String> find(String path);

  /**
   * Changes when the texts of a template change, so that it is compiled anew. Asked for every
   * message, so it must not take long; always the same unless the source can tell.
   */
  default String revision(String template) {
    return "";
  }
}
