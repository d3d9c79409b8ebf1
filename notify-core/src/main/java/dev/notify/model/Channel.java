package dev.notify.model;

import java.util.regex.Pattern;

/**
 * A way to reach a person: push, e-mail, SMS, in-app, or one that an application adds.
 *
 * @param name lower-case name, as it stands in properties and template files: {@code
 *     [a-z][a-z0-9-]*}
 * @since 0.1
 */
public record Channel(String name) implements Comparable<Channel> {

  // Before the constants, whose names are checked against it.
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  /** Push messages to devices. */
  public static final Channel PUSH = new Channel("push");

  /** E-mail. */
  public static final Channel EMAIL = new Channel("email");

  /** Text messages to phones. */
  public static final Channel SMS = new Channel("sms");

  /** The inbox inside the application. */
  public static final Channel IN_APP = new Channel("inapp");

  /** Checks the name. */
  public Channel {
    Text.present("channel", name);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidNotificationException(
          "channel",
          "'" + Text.shown(name) + "' is no channel name; use lower-case letters, digits and '-'");
    }
  }

  /** The channel of this name; the built-in four come back as their constants. */
  public static Channel of(String name) {
    return switch (Text.present("channel", name)) {
      case "push" -> PUSH;
      case "email" -> EMAIL;
      case "sms" -> SMS;
      case "inapp" -> IN_APP;
      default -> new Channel(name);
    };
  }

  @Override
  public int compareTo(Channel other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
