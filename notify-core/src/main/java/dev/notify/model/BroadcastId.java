package dev.notify.model;

import java.util.UUID;

/**
 * Id of a broadcast: a UUID of version 7 (RFC 9562).
 *
 * @param value the UUID
 * @since 0.1
 */
public record BroadcastId(UUID value) {

  /**
   * Reads the text form.
   *
   * @throws InvalidNotificationException if it is no UUID
   */
  public static BroadcastId parse(String text) {
    Text.present("broadcastId", text);
    try {
      return new BroadcastId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidNotificationException(
          "broadcastId", "'" + Text.shown(text) + "' is no UUID");
    }
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
