package dev.notify.benchmarks;

import java.util.Locale;

/**
 * One measured value with what is asked of it.
 *
 * @param measure its name, which never changes
 * @param value what was measured; the median where there were rounds
 * @param lowest the lowest of the rounds; the value itself where there was one
 * @param highest the highest of the rounds; the value itself where there was one
 * @param unit the unit of values, floor and goal
 * @param floor the worst value that is good enough
 * @param goal the value we work towards
 * @param better which way is better
 */
public record Figure(
    String measure,
    double value,
    double lowest,
    double highest,
    String unit,
    double floor,
    double goal,
    Better better) {

  /** Which values of a figure are better. */
  public enum Better {
    HIGHER,
    LOWER
  }

  /** A figure that is better the lower it is, measured once. */
  public static Figure lower(String measure, double value, String unit, double floor, double goal) {
    return new Figure(measure, value, value, value, unit, floor, goal, Better.LOWER);
  }

  /** A figure that is better the lower it is, by rounds. */
  public static Figure lower(
      String measure, Series rounds, String unit, double floor, double goal) {
    return lower(measure, rounds.median(), unit, floor, goal).over(rounds);
  }

  /** A figure that is better the higher it is, measured once. */
  public static Figure higher(
      String measure, double value, String unit, double floor, double goal) {
    return new Figure(measure, value, value, value, unit, floor, goal, Better.HIGHER);
  }

  /** A figure that is better the higher it is, by rounds. */
  public static Figure higher(
      String measure, Series rounds, String unit, double floor, double goal) {
    return higher(measure, rounds.median(), unit, floor, goal).over(rounds);
  }

  /** The same, with how far the rounds lie apart. */
  public Figure over(Series rounds) {
    return new Figure(measure, value, rounds.lowest(), rounds.highest(), unit, floor, goal, better);
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

  /** Lowest and highest of the rounds; nothing where there was one round, or none. */
  String spread() {
    return lowest < highest ? number(lowest) + " to " + number(highest) : "";
  }

  /** One line for machines; {@code better} is {@code higher} where left out. */
  String json() {
    return "{\"measure\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"floor\":%s,\"goal\":%s%s%s}"
        .formatted(
            measure,
            Double.isNaN(value) ? "null" : number(value),
            unit,
            number(floor),
            number(goal),
            better == Better.LOWER ? ",\"better\":\"lower\"" : "",
            jsonSpread(lowest, highest));
  }

  /** Both ends of the spread as JSON; nothing where there is none. */
  static String jsonSpread(double lowest, double highest) {
    return lowest < highest
        ? ",\"min\":%s,\"max\":%s".formatted(number(lowest), number(highest))
        : "";
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
