package dev.notify.policy;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hours of the recipient's day at which alone something is delivered: of one category or any, on
 * one channel or any. What comes at another time waits for the next opening, and expires if that is
 * too late. Critical messages do not wait.
 *
 * <pre>{@code
 * DeliveryWindow.between("09:00", "20:00").on(MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY).ofCategory("newsletter")
 * DeliveryWindow.between("10:00", "18:00").onChannel(SMS)
 * }</pre>
 *
 * <p>Of the windows that fit a delivery those of its category and channel count, or else those of
 * its category, or else those of its channel, or else those of everything; several of these are
 * open together. Quiet hours hold besides.
 *
 * @param opens first open moment
 * @param closes first moment after; {@link LocalTime#MAX} for the end of the day. Before {@code
 *     opens}: on the next day
 * @param days on which days of the week it opens
 * @param category the category it is about, or any
 * @param channel the channel it is about, or any
 * @since 0.1
 */
public record DeliveryWindow(
    LocalTime opens,
    LocalTime closes,
    Set<DayOfWeek> days,
    Optional<String> category,
    Optional<Channel> channel) {

  private static final long DAY = 24 * 3_600 * 1_000_000_000L;
  private static final long WEEK = 7 * DAY;

  /** Checks that it is open at all. */
  public DeliveryWindow {
    Objects.requireNonNull(opens, "opens");
    Objects.requireNonNull(closes, "closes");
    days = Set.copyOf(days);
    if (days.isEmpty()) {
      throw new ConfigurationException("deliveryWindow: opens on no day of the week");
    }
    if (opens.equals(closes)) {
      throw new ConfigurationException(
          "deliveryWindow: opens and closes at "
              + opens
              + ", so it is empty; a whole day is from 00:00 to 24:00");
    }
  }

  /**
   * A window of every day.
   *
   * @param opens {@code "09:00"} for example
   * @param closes {@code "20:00"} for example, or {@code "24:00"}
   */
  public static DeliveryWindow between(String opens, String closes) {
    return new DeliveryWindow(
        time(opens),
        closes.equals("24:00") ? LocalTime.MAX : time(closes),
        Set.of(DayOfWeek.values()),
        Optional.empty(),
        Optional.empty());
  }

  private static LocalTime time(String text) {
    try {
      return LocalTime.parse(text);
    } catch (DateTimeParseException e) {
      throw new ConfigurationException(
          "deliveryWindow: '" + text + "' is no time of day such as 09:00", e);
    }
  }

  /** The same window, on these days only. */
  public DeliveryWindow on(DayOfWeek... some) {
    return new DeliveryWindow(opens, closes, Set.copyOf(Arrays.asList(some)), category, channel);
  }

  /** The same window for one category only. */
  public DeliveryWindow ofCategory(String only) {
    return new DeliveryWindow(opens, closes, days, Optional.of(only), channel);
  }

  /** The same window for one channel only. */
  public DeliveryWindow onChannel(Channel only) {
    return new DeliveryWindow(opens, closes, days, category, Optional.of(only));
  }

  private record Span(long from, long until) {}

  /** Hours of one day; several days may have the same. */
  private record Hours(LocalTime start, LocalTime end) {}

  /** The hours of a week at which none of these is open. */
  static QuietWeek closed(List<DeliveryWindow> windows) {
    Map<Hours, Set<DayOfWeek>> closed = new LinkedHashMap<>();
    long from = 0;
    for (Span open : open(windows)) {
      close(closed, from, open.from());
      from = Math.max(from, open.until());
    }
    close(closed, from, WEEK);
    return new QuietWeek(
        closed.entrySet().stream()
            .map(one -> new QuietHours(one.getKey().start(), one.getKey().end(), one.getValue()))
            .toList());
  }

  /** In nanoseconds from the beginning of the week. */
  private static List<Span> open(List<DeliveryWindow> windows) {
    List<Span> open = new ArrayList<>();
    for (DeliveryWindow window : windows) {
      long start = window.opens.toNanoOfDay();
      long end = window.closes.equals(LocalTime.MAX) ? DAY : window.closes.toNanoOfDay();
      for (DayOfWeek day : window.days) {
        long from = (day.getValue() - 1) * DAY + start;
        long until = from + (end > start ? end - start : DAY - start + end);
        open.add(new Span(from, Math.min(until, WEEK)));
        if (until > WEEK) {
          open.add(new Span(0, until - WEEK));
        }
      }
    }
    open.sort(Comparator.comparingLong(Span::from));
    return open;
  }

  /** Day by day, and a whole day in two halves: hours from midnight to midnight say nothing. */
  private static void close(Map<Hours, Set<DayOfWeek>> closed, long from, long until) {
    for (long at = from; at < until; ) {
      long half = at % DAY == 0 && until - at >= DAY ? DAY / 2 : DAY;
      long end = Math.min(until, (at / half + 1) * half);
      Hours hours = new Hours(LocalTime.ofNanoOfDay(at % DAY), LocalTime.ofNanoOfDay(end % DAY));
      closed.computeIfAbsent(hours, any -> new TreeSet<>()).add(DayOfWeek.of((int) (at / DAY) + 1));
      at = end;
    }
  }

  @Override
  public String toString() {
    return opens
        + "-"
        + (closes.equals(LocalTime.MAX) ? "24:00" : closes)
        + (days.size() == DayOfWeek.values().length ? "" : " on " + new TreeSet<>(days))
        + channel.map(c -> " by " + c).orElse("")
        + category.map(c -> " of " + c).orElse("");
  }
}
