package dev.notify.benchmarks;

import java.util.Locale;

/**
 * One measured value with what is asked of it.
 *
 * @param measure its name, which never changes
 * @param value what was measured
 * @param unit the unit of value, floor and goal
 * @param floor the worst value that is good enough
 * @param goal the value we work towards
 * @param better which way is better
 */
public record Figure(
    String measure, double value, String unit, double floor, double goal, Better better) {

  /** Which values of a figure are better. */
  public enum Better {
    HIGHER,
    LOWER
  }

  /** A figure that is better the lower it is. */
  public static Figure lower(String measure, double value, String unit, double floor, double goal) {
    return new Figure(measure, value, unit, floor, goal, Better.LOWER);
  }

  /** A figure that is better the higher it is. */
  public static Figure higher(
      String measure, double value, String unit, double floor, double goal) {
    return new Figure(measure, value, unit, floor, goal, Better.HIGHER);
  }

  /** A value that is no number was not measured, and reaches nothing. */
  boolean reachesFloor() {
    return reaches(floor);
  }

  boolean reachesGoal() {
    return reaches(goal);
  }

  private boolean reaches(double bound) {
    return better == Better.LOWER ? value <= bound : value >= bound;
  }

  /** In a word; a missed floor is never hidden. */
  String verdict() {
    if (reachesGoal()) {
      return "goal";
    }
    return reachesFloor() ? "ok" : "MISSED FLOOR";
  }

  /** One line for machines; {@code better} is {@code higher} where left out. */
  String json() {
    return "{\"measure\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"floor\":%s,\"goal\":%s%s}"
        .formatted(
            measure,
            Double.isNaN(value) ? "null" : number(value),
            unit,
            number(floor),
            number(goal),
            better == Better.LOWER ? ",\"better\":\"lower\"" : "");
  }

  /** As many digits as mean something: none for hundreds, three for ratios. */
  public static String number(double value) {
    if (Math.abs(value) >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    String digits = String.format(Locale.ROOT, "%.3f", value);
    return digits.replaceFirst("\\.?0+$", "");
  }
}
