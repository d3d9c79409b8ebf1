package dev.notify.policy;

import dev.notify.model.ConfigurationException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Objects;
import java.util.Optional;

/**
 * That notifications of a category wait for the hour of the day at which each person mostly opens
 * what they get. Only for what is not urgent. Hours are learnt from opens, clicks and reads of any
 * category, by persons and not by programs, once a dispatcher has at least one of these.
 *
 * <pre>{@code
 * SendTime.ofCategory("newsletter").within(Duration.ofHours(12)).otherwiseAt(LocalTime.of(10, 0))
 * }</pre>
 *
 * @param category the category
 * @param within nothing waits longer than this for its hour
 * @param least so often somebody must have opened something before their hours count
 * @param otherwise when those get it of whom too little is known; at once if empty
 * @since 0.1
 */
public record SendTime(String category, Duration within, int least, Optional<LocalTime> otherwise) {

  private static final Duration LONGEST = Duration.ofDays(7);

  /** Checks the measures. */
  public SendTime {
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(otherwise, "otherwise");
    if (within.compareTo(Duration.ofHours(1)) < 0 || within.compareTo(LONGEST) > 0) {
      throw new ConfigurationException(
          "sendTime within: "
              + within
              + " is not between an hour and "
              + LONGEST.toDays()
              + " days");
    }
    if (least < 1) {
      throw new ConfigurationException("sendTime needing: " + least + " is less than one");
    }
  }

  /** Within a day; five opens are needed, and at once without them. */
  public static SendTime ofCategory(String category) {
    return new SendTime(category, Duration.ofDays(1), 5, Optional.empty());
  }

  /** The same, with another longest wait: from an hour to seven days. */
  public SendTime within(Duration longest) {
    return new SendTime(category, longest, least, otherwise);
  }

  /** The same, where hours count from so many opens on. */
  public SendTime needing(int opens) {
    return new SendTime(category, within, opens, otherwise);
  }

  /** The same, where those of whom too little is known get it at this time of their day. */
  public SendTime otherwiseAt(LocalTime time) {
    return new SendTime(category, within, least, Optional.of(time));
  }
}
