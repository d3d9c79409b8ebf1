package dev.notify.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How often a person opened what they got, by the hour of their own day. Only proportions count:
 * when an hour comes to {@value #MOST}, all are halved, so that habits of long ago fade.
 *
 * @param counts one for each hour, the one from midnight on first
 * @since 0.1
 */
public record OpenHours(List<Integer> counts) {

  /** No hour counts more. */
  public static final int MOST = 200;

  private static final int HOURS = 24;

  /** Nothing is known. */
  public static final OpenHours NONE = new OpenHours(Collections.nCopies(HOURS, 0));

  /** Checks that each hour has its count. */
  public OpenHours {
    counts = List.copyOf(Text.present("openHours", counts));
    if (counts.size() != HOURS) {
      throw new InvalidNotificationException("openHours", counts.size() + " are not 24 hours");
    }
    for (int count : counts) {
      if (count < 0 || count > MOST) {
        throw new InvalidNotificationException(
            "openHours", count + " is not between 0 and " + MOST);
      }
    }
  }

  /** With one more in this hour. */
  public OpenHours plus(int hour) {
    if (hour < 0 || hour >= HOURS) {
      throw new InvalidNotificationException("openHours.hour", hour + " is not between 0 and 23");
    }
    List<Integer> next = new ArrayList<>(counts);
    if (next.get(hour) == MOST) {
      next.replaceAll(count -> count / 2);
    }
    next.set(hour, next.get(hour) + 1);
    return new OpenHours(next);
  }

  /** All together. */
  public int total() {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  /** How much speaks for an hour: itself, and half of each hour beside it. */
  public double weight(int hour) {
    int before = counts.get(Math.floorMod(hour - 1, HOURS));
    int after = counts.get(Math.floorMod(hour + 1, HOURS));
    return counts.get(hour) + (before + after) / 2.0;
  }
}
