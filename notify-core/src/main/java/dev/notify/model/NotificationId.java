package dev.notify.model;

import java.util.UUID;

/**
 * Id of a notification: a UUID of version 7 (RFC 9562), so ids sort by the time they were made.
 *
 * @param value the UUID
 * @since 0.1
 */
public record NotificationId(UUID value) implements Comparable<NotificationId> {

  /**
   * Reads the text form.
   *
   * @throws InvalidNotificationException if it is no UUID
   */
  public static NotificationId parse(String text) {
    Text.present("notificationId", text);
    try {
      return new NotificationId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidNotificationException(
          "notificationId", "'" + Text.shown(text) + "' is no UUID");
    }
  }

  @Override
  public int compareTo(NotificationId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
