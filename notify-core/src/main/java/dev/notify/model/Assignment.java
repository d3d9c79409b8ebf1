package dev.notify.model;

import java.util.regex.Pattern;

/**
 * The experiment that a notification takes part in, and the variant that its person got. Decided
 * when the notification is accepted, and never changed.
 *
 * @param experiment name of the experiment: letters, digits, {@code - _ .}, at most 64
 * @param variant name of the variant, of the same form; {@link #HOLDOUT} for people who get nothing
 * @since 0.1
 */
public record Assignment(String experiment, String variant) {

  /** People who get nothing of the experiment, so that they can be compared with the others. */
  public static final String HOLDOUT = "holdout";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

  /** Checks the names. */
  public Assignment {
    requireName("experiment", experiment);
    requireName("variant", variant);
  }

  static String requireName(String field, String name) {
    Text.requireToken(field, name, 64);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidNotificationException(
          field, "'" + Text.shown(name) + "' is no name; use letters, digits and '-', '_', '.'");
    }
    return name;
  }

  /** Whether the person gets nothing. */
  public boolean isHoldout() {
    return variant.equals(HOLDOUT);
  }

  @Override
  public String toString() {
    return experiment + "/" + variant;
  }
}
