package dev.notify.model;

import java.time.Duration;

/**
 * What becomes of runs of a {@link RecurringSchedule} whose time passed while no process was at
 * work, or the database was away.
 *
 * @param most so many of them are made up for, the latest ones, the earliest of these first
 * @param tolerance a run that begins later than its time by no more than this was not missed
 * @since 0.1
 */
public record MissedRuns(int most, Duration tolerance) {

  private static final int MOST = 1_000;
  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(1);

  /** They are left out. */
  public static final MissedRuns SKIP = new MissedRuns(0, USUAL);

  /** The latest of them is made up for. */
  public static final MissedRuns LATEST = new MissedRuns(1, USUAL);

  /** Checks the measures. */
  public MissedRuns {
    if (most < 0 || most > MOST) {
      throw new InvalidNotificationException(
          "missedRuns", most + " is not between 0 and " + MOST + " runs");
    }
    Text.present("missedRuns.tolerance", tolerance);
    if (tolerance.isNegative() || tolerance.compareTo(LONGEST) > 0) {
      throw new InvalidNotificationException(
          "missedRuns.tolerance", tolerance + " is not between zero and " + LONGEST);
    }
  }

  /** Of the runs that were missed, the latest so many are made up for. */
  public static MissedRuns upTo(int most) {
    return new MissedRuns(most, USUAL);
  }

  /** The same, where a run is only missed if it would begin later than this. */
  public MissedRuns tolerating(Duration lateness) {
    return new MissedRuns(most, lateness);
  }
}
