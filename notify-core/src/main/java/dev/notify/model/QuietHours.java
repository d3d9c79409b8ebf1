package dev.notify.model;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Local times during which a person is not to be disturbed. They may cross midnight; the start
 * belongs to them, the end does not. Daylight saving is obeyed: a start that a clock change skips
 * means the moment of the change, an end that is skipped moves forward by the gap (as do both if
 * both are skipped), a start or end that occurs twice means the first.
 *
 * @param start first quiet moment
 * @param end first moment after; equal to {@code start} is refused, since it could mean all day or
 *     never
 * @param days on which days of the week they begin; those that cross midnight end on the next
 * @since 0.1
 */
public record QuietHours(LocalTime start, LocalTime end, Set<DayOfWeek> days) {

  private static final Set<DayOfWeek> EVERY_DAY = Set.of(DayOfWeek.values());

  /** Checks that start and end differ and that there is a day. */
  public QuietHours {
    Text.present("quietHours", start);
    Text.present("quietHours", end);
    days = Set.copyOf(Text.present("quietHours", days));
    if (days.isEmpty()) {
      throw new InvalidNotificationException("quietHours", "are on no day of the week");
    }
    if (start.equals(end)) {
      throw new InvalidNotificationException("quietHours", "start and end are both " + start);
    }
  }

  /** Quiet hours of every day. */
  public QuietHours(LocalTime start, LocalTime end) {
    this(start, end, EVERY_DAY);
  }

  /** Quiet hours from {@code "22:00"} to {@code "07:00"}, every day. */
  public static QuietHours between(String start, String end) {
    return new QuietHours(time(start), time(end));
  }

  private static LocalTime time(String text) {
    try {
      return LocalTime.parse(Text.present("quietHours", text));
    } catch (DateTimeParseException e) {
      throw new InvalidNotificationException(
          "quietHours", "'" + Text.shown(text) + "' is no time of day such as 22:00");
    }
  }

  /** The same hours, beginning on these days only. */
  public QuietHours on(DayOfWeek... some) {
    return new QuietHours(start, end, Set.copyOf(Arrays.asList(some)));
  }

  /**
   * When the quiet hours that hold at {@code now} in this zone are over; empty if none hold. Hours
   * that follow without a break count as one, so the answer is never itself a quiet moment.
   */
  public Optional<Instant> endOf(Instant now, ZoneId zone) {
    return QuietWeek.of(this).endOf(now, zone);
  }

  /** The same of one day's hours, whatever follows them. */
  Optional<Instant> endOfOne(Instant now, ZoneId zone) {
    LocalDate today = now.atZone(zone).toLocalDate();
    // A window that holds now began today, yesterday, or (a skipped day) the day before that.
    for (int daysAgo = 2; daysAgo >= 0; daysAgo--) {
      LocalDate day = today.minusDays(daysAgo);
      if (!days.contains(day.getDayOfWeek())) {
        continue;
      }
      LocalDate endDay = end.isAfter(start) ? day : day.plusDays(1);
      Instant from = beginning(day.atTime(start), endDay.atTime(end), zone);
      Instant until = ZonedDateTime.of(endDay, end, zone).toInstant();
      if (!now.isBefore(from) && now.isBefore(until)) {
        return Optional.of(until);
      }
    }
    return Optional.empty();
  }

  private static Instant beginning(LocalDateTime first, LocalDateTime after, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(first);
    return change != null && change.isGap() && !after.isBefore(change.getDateTimeAfter())
        ? change.getInstant()
        : first.atZone(zone).toInstant();
  }

  @Override
  public String toString() {
    String hours = start + "-" + end;
    return days.size() == EVERY_DAY.size()
        ? hours
        : hours
            + Arrays.stream(DayOfWeek.values())
                .filter(days::contains)
                .map(
                    day ->
                        day.name().charAt(0) + day.name().substring(1, 3).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(",", " ", ""));
  }
}
