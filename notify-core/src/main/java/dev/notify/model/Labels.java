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
 * @param segment name of the first of the reported segments that the person was in; empty if none
 * @since 0.1
 */
public record Labels(
    String category, Optional<String> template, int version, Optional<String> segment) {

  /** Nothing is known. */
  public static final Labels NONE = new Labels("", Optional.empty(), 0, Optional.empty());

  /**
   * The labels of a notification.
   *
   * @param segment of the person it is for
   */
  public static Labels of(Notification notification, Optional<String> segment) {
    Optional<String> name = notification.template().map(TemplateRef::name);
    int at = name.map(text -> text.indexOf('@')).orElse(-1);
    return at < 0
        ? new Labels(notification.category(), name, 0, segment)
        : new Labels(
            notification.category(),
            name.map(text -> text.substring(0, at)),
            name.map(text -> Integer.parseInt(text.substring(at + 1))).orElse(0),
            segment);
  }
}
