package dev.notify.model;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * How many messages a provider may be given on a day, in UTC. A sender that is new to mailbox
 * providers warms up: begins with few, and sends more each day as they come to trust it.
 *
 * @param begin the first day
 * @param first how many on that day and before it
 * @param growth by what to multiply from day to day; 1 for always the same
 * @param most how many at most
 * @since 0.1
 */
public record Quota(LocalDate begin, long first, double growth, long most) {

  /** Checks that all are positive, and that it does not shrink. */
  public Quota {
    if (first < 1 || most < first || !(growth >= 1 && growth <= 100)) {
      throw new ConfigurationException(
          "quota: must begin with 1 or more, grow by a factor of 1 to 100, and not shrink");
    }
  }

  /** The same every day. */
  public static Quota perDay(long count) {
    return new Quota(LocalDate.EPOCH, count, 1, count);
  }

  /**
   * More each day, up to the most.
   *
   * @param growth for example 1.5: half as many again every day
   */
  public static Quota warmUp(LocalDate begin, long first, double growth, long most) {
    return new Quota(begin, first, growth, most);
  }

  /** How many on this day. */
  public long on(LocalDate day) {
    long days = Math.max(0, ChronoUnit.DAYS.between(begin, day));
    double grown = first * Math.pow(growth, days);
    return grown >= most ? most : (long) grown;
  }

  @Override
  public String toString() {
    return growth == 1 ? first + " a day" : "from " + first + " to " + most + " a day";
  }
}
