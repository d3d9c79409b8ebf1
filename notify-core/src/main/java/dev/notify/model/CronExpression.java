package dev.notify.model;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Wall-clock times that come again and again, as <a
 * href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html">cron</a> writes
 * them: minute, hour, day of the month, month, day of the week; {@code "30 8 * * MON-FRI"} is half
 * past eight on working days. If both days are restricted, either will do. Also understood: {@code
 * L} (last day of the month, {@code 5L} for the last Friday), {@code 15W} (the working day of the
 * month nearest to the 15th; from 1 to 27), {@code LW} (the last one), {@code MON#2} (the second Monday), {@code @hourly}, {@code @daily}, {@code
 * @weekly}, {@code @monthly}, {@code @yearly}. Immutable and thread-safe.
 *
 * <p>Each wall-clock time comes once in a zone, whatever the clocks do there: one that a change
 * skips moves forward by the gap, one that occurs twice means the first. Times that meet at one
 * moment by that are one.
 *
 * @since 0.1
 */
public final class CronExpression {

  private static final int LONGEST = 128;
  private static final LocalDateTime LONG_AGO = LocalDateTime.parse("2000-01-01T00:00");

  /** No zone has skipped more: Samoa once left out a day. */
  private static final long LONGEST_GAP_SECONDS = 26 * 3_600;

  private static final List<String> FIELDS =
      List.of("minute", "hour", "day of the month", "month", "day of the week");

  private static final int DAY_OF_MONTH = 2;
  private static final Pattern LATE_WORKING_DAY = Pattern.compile("0*(2[89]|3[01])W");

  private final String text;
  private final ExecutionTime times;

  private CronExpression(String text, ExecutionTime times) {
    this.text = text;
    this.times = times;
  }

  private static CronParser parser() {
    CronDefinition definition =
        CronDefinitionBuilder.defineCron()
            .withMinutes()
            .withValidRange(0, 59)
            .withStrictRange()
            .and()
            .withHours()
            .withValidRange(0, 23)
            .withStrictRange()
            .and()
            .withDayOfMonth()
            .withValidRange(1, 31)
            .supportsL()
            .supportsW()
            .supportsLW()
            .withStrictRange()
            .and()
            .withMonth()
            .withValidRange(1, 12)
            .withStrictRange()
            .and()
            .withDayOfWeek()
            .withValidRange(0, 7)
            .withMondayDoWValue(1)
            .withIntMapping(7, 0)
            .supportsHash()
            .supportsL()
            .withStrictRange()
            .and()
            .withSupportedNicknameHourly()
            .withSupportedNicknameDaily()
            .withSupportedNicknameWeekly()
            .withSupportedNicknameMonthly()
            .withSupportedNicknameYearly()
            .instance();
    return new CronParser(definition);
  }

  /**
   * Reads an expression; small letters are as good as capital ones.
   *
   * @throws InvalidNotificationException naming the field that is wrong and what is wrong with it;
   *     or if the time never comes, as on the 30th of February
   */
  public static CronExpression parse(String text) {
    String line = Text.requireToken("cron", text, LONGEST).strip().replaceAll(" +", " ");
    String shouted =
        line.startsWith("@") ? line.toLowerCase(Locale.ROOT) : line.toUpperCase(Locale.ROOT);
    requireOneDay(shouted);
    CronParser parser = parser();
    ExecutionTime times;
    try {
      times = ExecutionTime.forCron(parser.parse(shouted));
    } catch (RuntimeException e) {
      // The parser does not mind its indices, either.
      throw new InvalidNotificationException("cron", whatIsWrong(parser, shouted, e));
    }
    CronExpression cron = new CronExpression(line, times);
    if (cron.next(LONG_AGO).isEmpty()) {
      throw new InvalidNotificationException("cron", "'" + line + "' is a time that never comes");
    }
    return cron;
  }

  /**
   * The library leaves out such a day where it is one of several, and knows no working day near one
   * that a month may not have.
   */
  private static void requireOneDay(String expression) {
    String[] fields = expression.split(" ", -1);
    String day = fields.length == FIELDS.size() ? fields[DAY_OF_MONTH] : "";
    if (day.contains(",") && (day.contains("L") || day.contains("W"))) {
      throw new InvalidNotificationException(
          "cron",
          "'"
              + Text.shown(day)
              + "' in field 3, the day of the month: L and W stand alone, not in a list");
    }
    if (LATE_WORKING_DAY.matcher(day).matches()) {
      throw new InvalidNotificationException(
          "cron",
          "'"
              + Text.shown(day)
              + "' in field 3, the day of the month: W takes a day from 1 to 27; LW is the last"
              + " working day");
    }
  }

  private static String whatIsWrong(CronParser parser, String expression, RuntimeException fault) {
    String[] fields = expression.split(" ", -1);
    if (fields.length != FIELDS.size()) {
      return "'"
          + Text.shown(expression)
          + "' has "
          + fields.length
          + " fields, not the 5 of minute, hour, day of the month, month, day of the week";
    }
    for (int i = 0; i < fields.length; i++) {
      String[] alone = {"*", "*", "*", "*", "*"};
      alone[i] = fields[i];
      try {
        var unused = parser.parse(String.join(" ", alone));
      } catch (RuntimeException e) {
        return "'"
            + Text.shown(fields[i])
            + "' in field "
            + (i + 1)
            + ", the "
            + FIELDS.get(i)
            + ": "
            + reason(e);
      }
    }
    return "'" + Text.shown(expression) + "': " + reason(fault);
  }

  private static String reason(RuntimeException fault) {
    if (!(fault instanceof IllegalArgumentException)) {
      return "cannot be read";
    }
    Throwable first = fault.getCause() == null ? fault : fault.getCause();
    return Text.shortened(String.valueOf(first.getMessage()));
  }

  /** The first wall-clock time after this one; empty if there is none in any time to come. */
  public Optional<LocalDateTime> next(LocalDateTime after) {
    // Where no clock is ever changed, so that all that is left is the calendar.
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }

  /** The first moment after this one at which a zone's clocks show such a time. */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    Optional<Instant> first = next(LocalDateTime.ofInstant(after, zone), after, rules);
    // What a change skipped comes after it, perhaps later than what follows by the clock.
    Instant from = after.minusSeconds(LONGEST_GAP_SECONDS);
    Instant until = first.orElse(after);
    for (ZoneOffsetTransition change = rules.nextTransition(from);
        change != null && !change.getInstant().isAfter(until);
        change = rules.nextTransition(change.getInstant())) {
      if (change.isGap()) {
        Optional<Instant> skipped = nextSkipped(change, after, rules);
        if (skipped.isPresent() && (first.isEmpty() || skipped.get().isBefore(first.get()))) {
          first = skipped;
        }
      }
    }
    return first;
  }

  /** Leaves out what no clock shows. */
  private Optional<Instant> next(LocalDateTime from, Instant after, ZoneRules rules) {
    Optional<LocalDateTime> time = next(from);
    while (time.isPresent()) {
      ZoneOffsetTransition change = rules.getTransition(time.get());
      Instant moment = momentOf(time.get(), rules);
      if (change != null && change.isGap()) {
        time = next(change.getDateTimeAfter().minusNanos(1));
      } else if (moment.isAfter(after)) {
        return Optional.of(moment);
      } else {
        // The second time that the clocks show it.
        time = next(time.get());
      }
    }
    return Optional.empty();
  }

  private Optional<Instant> nextSkipped(ZoneOffsetTransition gap, Instant after, ZoneRules rules) {
    LocalDateTime from = gap.getDateTimeBefore().minusNanos(1);
    if (!after.isBefore(gap.getInstant())) {
      // So late that some of what was skipped has moved to a moment that has passed.
      from = LocalDateTime.ofInstant(after, gap.getOffsetBefore());
    }
    return next(from)
        .filter(time -> time.isBefore(gap.getDateTimeAfter()))
        .map(time -> momentOf(time, rules))
        .filter(moment -> moment.isAfter(after));
  }

  private static Instant momentOf(LocalDateTime time, ZoneRules rules) {
    ZoneOffsetTransition change = rules.getTransition(time);
    // Of a gap the offset before moves forward by the gap; of an overlap it is the first.
    ZoneOffset offset = change == null ? rules.getOffset(time) : change.getOffsetBefore();
    return time.toInstant(offset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronExpression cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The expression, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return text;
  }
}
