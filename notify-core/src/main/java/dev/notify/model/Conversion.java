package dev.notify.model;

/**
 * A person did what a notification was for.
 *
 * @param goal what they did: letters, digits, {@code - _ .}, at most 64
 * @param amount what that was worth, in a unit of the application's own; 0 if it does not matter
 * @since 0.1
 */
public record Conversion(String goal, double amount) {

  /** Checks goal and amount. */
  public Conversion {
    Assignment.requireName("goal", goal);
    if (!Double.isFinite(amount)) {
      throw new InvalidNotificationException("amount", amount + " is no number");
    }
  }

  /** Came to this goal. */
  public static Conversion of(String goal) {
    return new Conversion(goal, 0);
  }

  /** The same, worth so much. */
  public Conversion worth(double value) {
    return new Conversion(goal, value);
  }
}
