package dev.notify.model;

import java.util.Optional;

/**
 * What a delivery is counted under besides its channel, provider and variant. Decided when it is
 * accepted, never changed, and nothing personal: it outlives the person being forgotten.
 *
 * @param category name of the category; empty if it is not known
 * @param template name of the template, without a version; empty if it has none
 * @param version the template's version, which is fixed when a notification is accepted; 0 if it
 *     has none, as a file has
 * @since 0.1
 */
public record Labels(String category, Optional<String> template, int version) {

  /** Nothing is known. */
  public static final Labels NONE = new Labels("", Optional.empty(), 0);

  /** The labels of a notification. */
  public static Labels of(Notification notification) {
    Optional<String> name = notification.template().map(TemplateRef::name);
    int at = name.map(text -> text.indexOf('@')).orElse(-1);
    return at < 0
        ? new Labels(notification.category(), name, 0)
        : new Labels(
            notification.category(),
            name.map(text -> text.substring(0, at)),
            name.map(text -> Integer.parseInt(text.substring(at + 1))).orElse(0));
  }
}
