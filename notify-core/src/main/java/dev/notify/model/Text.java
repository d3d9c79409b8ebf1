package dev.notify.model;

import org.jspecify.annotations.Nullable;

/** The checks that every text from outside passes before it becomes part of a value. */
final class Text {

  private Text() {}

  /** A short identifier: not blank, no control characters, no longer than {@code max}. */
  static String requireToken(String field, @Nullable String value, int max) {
    if (value == null || value.isBlank()) {
      throw new InvalidNotificationException(field, "must not be blank");
    }
    return requireLine(field, value, max);
  }

  /**
   * One line of text: control characters, CR and LF above all, would let a value break out of a
   * header.
   */
  static String requireLine(String field, String value, int max) {
    if (value.length() > max) {
      throw new InvalidNotificationException(
          field, "has " + value.length() + " characters, at most " + max + " are allowed");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c == 0x7f || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        throw new InvalidNotificationException(
            field, "has a control character (U+%04X) at position %d".formatted((int) c, i));
      }
    }
    return value;
  }

  /** A value as an error may show it: short and on one line. */
  static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 40 ? line : line.substring(0, 40) + "...";
  }

  /** Enough of a personal value to recognise it, not enough to use it. */
  static String masked(String value) {
    int at = value.lastIndexOf('@');
    if (at > 0) {
      return value.charAt(0) + "***" + value.substring(at).replaceAll("\\p{Cntrl}", "?");
    }
    return value.length() <= 4
        ? "***"
        : "***" + value.substring(value.length() - 2).replaceAll("\\p{Cntrl}", "?");
  }
}
