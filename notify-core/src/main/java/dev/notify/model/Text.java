package dev.notify.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that every text from outside passes before it becomes part of a value. */
final class Text {

  private static final int LONGEST_DESCRIPTION = 1_000;

  /** As long as a name of the DNS can be; in any script, and addresses of IP in their brackets. */
  private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{M}\\p{N}.:\\[\\]-]{1,253}");

  /** Marks that turn or break a line are among it. */
  private static final String UNSAFE = "[^\\p{L}\\p{N}]";

  private Text() {}

  /** More than any channel carries: a mail of this size is refused by most relays. */
  static final int LONGEST = 16 << 20;

  /** A value that must be there. */
  static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw new InvalidNotificationException(field, "must not be null");
    }
    return value;
  }

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
  static String requireLine(String field, @Nullable String value, int max) {
    String line = requireText(field, value, max);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        throw new InvalidNotificationException(
            field, "has a control character (U+%04X) at position %d".formatted((int) c, i));
      }
    }
    return line;
  }

  /** Text of any number of lines that every encoding and database can hold. */
  static String requireText(String field, @Nullable String value, int max) {
    String text = present(field, value);
    if (text.length() > max) {
      throw new InvalidNotificationException(
          field, "has " + text.length() + " characters, at most " + max + " are allowed");
    }
    int unfit = indexOfUnfit(text);
    if (unfit >= 0) {
      throw new InvalidNotificationException(
          field,
          text.charAt(unfit) == 0
              ? "has a NUL character at position " + unfit
              : "has half of a surrogate pair at position " + unfit);
    }
    return text;
  }

  /** Where the first character stands that UTF-8 or a database cannot hold; -1 if there is none. */
  static int indexOfUnfit(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** A value as an error may show it: short and on one line. */
  static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 40 ? line : line.substring(0, 40) + "...";
  }

  /** Enough of a personal value to recognise it, not enough to use it. */
  static String masked(String value) {
    int at = value.lastIndexOf('@');
    // What is no host may be anything: a name, or a line of its own in the log.
    return at > 0 && HOST.matcher(value).region(at + 1, value.length()).matches()
        ? value.substring(0, value.offsetByCodePoints(0, 1)).replaceAll(UNSAFE, "?")
            + "***"
            + value.substring(at)
        : end(value);
  }

  /**
   * The last two letters or digits; what a token has an at sign for is not known, and the brackets
   * at the end of an object of JSON tell nobody which it is.
   */
  static String end(String value) {
    int end = value.length();
    while (end > 0 && !Character.isLetterOrDigit(value.charAt(end - 1))) {
      end--;
    }
    return end <= 4 ? "***" : "***" + value.substring(end - 2, end).replaceAll(UNSAFE, "?");
  }

  /** A description from outside, cut where nobody reads on. */
  static String shortened(String description) {
    return description.length() <= LONGEST_DESCRIPTION
        ? description
        : description.substring(0, LONGEST_DESCRIPTION - 1) + "…";
  }
}
