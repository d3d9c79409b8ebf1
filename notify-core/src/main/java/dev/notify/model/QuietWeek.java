package dev.notify.model;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All quiet hours of a week: those of the nights, those of the weekend. They may touch each other,
 * but not overlap, and must leave some time in which a message can arrive.
 *
 * @param hours any number; none means that no time is quiet
 * @since 0.1
 */
public record QuietWeek(List<QuietHours> hours) {

  /** No quiet hours at all. */
  public static final QuietWeek NONE = new QuietWeek(List.of());

  private static final int MOST = 21;
  private static final long DAY = 24 * 3_600 * 1_000_000_000L;
  private static final long WEEK = 7 * DAY;

  /** A clock change can close a gap; it cannot do so for a second week. */
  private static final int MOST_JOINED_OF_ONE = 14;

  /** Checks that they do not overlap and do not fill the week. */
  public QuietWeek {
    hours = List.copyOf(Text.present("quietHours", hours));
    if (hours.size() > MOST) {
      throw new InvalidNotificationException(
          "quietHours", hours.size() + " are too many; at most " + MOST + " are allowed");
    }
    requireApart(hours);
  }

  /** These hours. */
  public static QuietWeek of(QuietHours... hours) {
    List<QuietHours> all = new ArrayList<>(Text.present("quietHours", hours).length);
    for (QuietHours one : hours) {
      all.add(Text.present("quietHours", one));
    }
    return new QuietWeek(all);
  }

  /** Hours of one day, in nanoseconds from the beginning of the week. */
  private record Span(long from, long until, QuietHours of) {}

  private static void requireApart(List<QuietHours> hours) {
    List<Span> spans = new ArrayList<>();
    long quiet = 0;
    for (QuietHours one : hours) {
      long length = Math.floorMod(one.end().toNanoOfDay() - one.start().toNanoOfDay(), DAY);
      for (DayOfWeek day : one.days()) {
        long from = (day.getValue() - 1) * DAY + one.start().toNanoOfDay();
        spans.add(new Span(from, from + length, one));
        quiet += length;
      }
    }
    spans.sort(Comparator.comparingLong(Span::from));
    for (int i = 0; i < spans.size(); i++) {
      boolean isLast = i == spans.size() - 1;
      Span next = spans.get(isLast ? 0 : i + 1);
      long nextFrom = isLast ? next.from() + WEEK : next.from();
      if (nextFrom < spans.get(i).until()) {
        throw new InvalidNotificationException(
            "quietHours", spans.get(i).of() + " and " + next.of() + " overlap");
      }
    }
    if (quiet >= WEEK) {
      throw new InvalidNotificationException(
          "quietHours", "leave no time of the week; to refuse messages, opt out of them");
    }
  }

  /**
   * When the quiet hours that hold at {@code now} in this zone are over; empty if none hold. Hours
   * that follow without a break count as one, so the answer is never itself a quiet moment.
   */
  public Optional<Instant> endOf(Instant now, ZoneId zone) {
    Optional<Instant> end = endOfOne(now, zone);
    int most = MOST_JOINED_OF_ONE * hours.size();
    for (int joined = 0; joined < most && end.isPresent(); joined++) {
      Optional<Instant> next = endOfOne(end.get(), zone);
      if (next.isEmpty()) {
        return end;
      }
      end = next;
    }
    return end;
  }

  private Optional<Instant> endOfOne(Instant now, ZoneId zone) {
    Optional<Instant> latest = Optional.empty();
    for (QuietHours one : hours) {
      Optional<Instant> end = one.endOfOne(now, zone);
      if (end.isPresent() && (latest.isEmpty() || end.get().isAfter(latest.get()))) {
        latest = end;
      }
    }
    return latest;
  }

  @Override
  public String toString() {
    return hours.isEmpty()
        ? "none"
        : hours.stream().map(QuietHours::toString).collect(Collectors.joining("; "));
  }
}
