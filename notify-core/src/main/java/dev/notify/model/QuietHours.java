package dev.notify.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * Local times during which a person is not to be disturbed. They may cross midnight; the start
 * belongs to them, the end does not. Daylight saving is obeyed: a start that a clock change skips
 * means the moment of the change, an end that is skipped moves forward by the gap (as do both if
 * both are skipped), a start or end that occurs twice means the first.
 *
 * @param start first quiet moment
 * @param end first moment after; equal to {@code start} is refused, since it could mean all day or
 *     never
 * @since 0.1
 */
public record QuietHours(LocalTime start, LocalTime end) {

  // A clock change can close the gap between two days' hours; it cannot do so for a week.
  private static final int MOST_JOINED = 7;

  /** Checks that start and end differ. */
  public QuietHours {
    Text.present("quietHours", start);
    Text.present("quietHours", end);
    if (start.equals(end)) {
      throw new InvalidNotificationException("quietHours", "start and end are both " + start);
    }
  }

  /** Quiet hours from {@code "22:00"} to {@code "07:00"}. */
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

  /**
   * When the quiet hours that hold at {@code now} in this zone are over; empty if none hold. Hours
   * that follow without a break count as one, so the answer is never itself a quiet moment.
   */
  public Optional<Instant> endOf(Instant now, ZoneId zone) {
    Optional<Instant> end = endOfOne(now, zone);
    for (int joined = 0; joined < MOST_JOINED && end.isPresent(); joined++) {
      Optional<Instant> next = endOfOne(end.get(), zone);
      if (next.isEmpty()) {
        return end;
      }
      end = next;
    }
    return end;
  }

  private Optional<Instant> endOfOne(Instant now, ZoneId zone) {
    LocalDate today = now.atZone(zone).toLocalDate();
    // A window that holds now began today, yesterday, or (a skipped day) the day before that.
    for (int daysAgo = 2; daysAgo >= 0; daysAgo--) {
      LocalDate day = today.minusDays(daysAgo);
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
    return start + "-" + end;
  }
}
