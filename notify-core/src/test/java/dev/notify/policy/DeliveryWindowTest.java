package dev.notify.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Chance;
import dev.notify.model.ConfigurationException;
import dev.notify.model.QuietWeek;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant MONDAY_NINE = Instant.parse("2026-03-02T08:00:00Z");

  private static Optional<Instant> opening(Instant now, DeliveryWindow... windows) {
    return DeliveryWindow.closed(List.of(windows)).endOf(now, BERLIN);
  }

  @Test
  void theOpeningBelongsToItAndTheClosingDoesNot() {
    DeliveryWindow window = DeliveryWindow.between("09:00", "20:00");

    assertThat(opening(MONDAY_NINE, window)).isEmpty();
    assertThat(opening(MONDAY_NINE.minusNanos(1), window)).contains(MONDAY_NINE);
    Instant evening = Instant.parse("2026-03-02T19:00:00Z");
    assertThat(opening(evening.minusNanos(1), window)).isEmpty();
    assertThat(opening(evening, window)).contains(MONDAY_NINE.plus(Duration.ofDays(1)));
  }

  @Test
  void itMayCrossMidnightAndTheWeek() {
    DeliveryWindow night = DeliveryWindow.between("22:00", "02:00").on(DayOfWeek.SUNDAY);

    assertThat(opening(Instant.parse("2026-03-01T22:00:00Z"), night)).isEmpty();
    assertThat(opening(Instant.parse("2026-03-02T00:59:59Z"), night)).isEmpty();
    assertThat(opening(Instant.parse("2026-03-02T01:00:00Z"), night))
        .contains(Instant.parse("2026-03-08T21:00:00Z"));
  }

  @Test
  void wholeDaysAndSeveralAreOpenTogether() {
    DeliveryWindow weekend =
        DeliveryWindow.between("00:00", "24:00").on(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
    DeliveryWindow evenings = DeliveryWindow.between("18:00", "24:00");

    assertThat(opening(Instant.parse("2026-03-07T03:00:00Z"), weekend, evenings)).isEmpty();
    assertThat(opening(MONDAY_NINE, weekend, evenings))
        .contains(Instant.parse("2026-03-02T17:00:00Z"));
    assertThat(opening(Instant.parse("2026-03-06T22:59:00Z"), weekend, evenings)).isEmpty();
  }

  @Test
  void allDayEveryDayIsNeverClosed() {
    assertThat(DeliveryWindow.closed(List.of(DeliveryWindow.between("00:00", "24:00"))))
        .isEqualTo(QuietWeek.NONE);
  }

  @Test
  void anEmptyWindowIsRefused() {
    assertThatThrownBy(() -> DeliveryWindow.between("09:00", "09:00"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("09:00")
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> DeliveryWindow.between("09:00", "20:00").on())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no day");
    assertThatThrownBy(() -> DeliveryWindow.between("9", "20:00"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'9'");
    assertThatThrownBy(() -> DeliveryWindow.between("09:00", "25:00"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'25:00'");
  }

  /** Without a clock change the answer is what the clock says, minute by minute. */
  @Test
  void onUsualDaysTheClockDecides() {
    Chance.forMany(
        150,
        random -> {
          List<DeliveryWindow> windows = windows(random);
          QuietWeek closed = DeliveryWindow.closed(windows);
          Instant now = MONDAY_NINE.plusSeconds(60L * random.nextInt(7 * 24 * 60));
          Instant expected = now;
          while (windows.stream().noneMatch(isOpen(expected))) {
            expected = expected.plusSeconds(60);
          }
          Optional<Instant> end = closed.endOf(now, BERLIN);
          assertThat(end.orElse(now)).as("%s at %s", windows, now).isEqualTo(expected);
        });
  }

  private static java.util.function.Predicate<DeliveryWindow> isOpen(Instant moment) {
    LocalDateTime local = LocalDateTime.ofInstant(moment, BERLIN);
    return window -> {
      LocalTime time = local.toLocalTime();
      boolean crosses = window.closes().isBefore(window.opens());
      boolean today =
          window.days().contains(local.getDayOfWeek())
              && !time.isBefore(window.opens())
              && (crosses || time.isBefore(window.closes()));
      boolean sinceYesterday =
          crosses
              && window.days().contains(local.getDayOfWeek().minus(1))
              && time.isBefore(window.closes());
      return today || sinceYesterday;
    };
  }

  private static List<DeliveryWindow> windows(RandomGenerator random) {
    List<DeliveryWindow> windows = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(48);
      int until = (from + 1 + random.nextInt(47)) % 48;
      Set<DayOfWeek> days = new HashSet<>();
      while (days.isEmpty() || random.nextInt(3) > 0) {
        days.add(DayOfWeek.of(1 + random.nextInt(7)));
      }
      windows.add(
          DeliveryWindow.between(halfHours(from), until == 0 ? "24:00" : halfHours(until))
              .on(days.toArray(DayOfWeek[]::new)));
    }
    return windows;
  }

  private static String halfHours(int count) {
    return "%02d:%s".formatted(count / 2, count % 2 == 0 ? "00" : "30");
  }

  /**
   * Through the clock changes of every zone: it opens, the opening is open, and a window of the day
   * that no change touches is open exactly while the clock says so.
   */
  @Test
  void inEveryZoneItOpensByTheClock() {
    QuietWeek day = DeliveryWindow.closed(List.of(DeliveryWindow.between("09:00", "20:00")));
    QuietWeek night = DeliveryWindow.closed(List.of(DeliveryWindow.between("00:30", "02:30")));
    int tried = 0;
    for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneId zone = ZoneId.of(id);
      ZoneOffsetTransition change =
          zone.getRules().nextTransition(Instant.parse("2012-01-01T00:00:00Z"));
      for (int i = 0; i < 6 && change != null; i++) {
        for (int hours = -26; hours <= 26; hours += 2) {
          Instant now = change.getInstant().plus(Duration.ofMinutes(60L * hours + 7));
          Instant open = day.endOf(now, zone).orElse(now);
          LocalTime local = open.atZone(zone).toLocalTime();
          assertThat(local.getHour()).as("%s %s", zone, now).isBetween(9, 19);
          boolean isOpen = isBetween(now.atZone(zone).toLocalTime());
          assertThat(open.equals(now)).as("%s %s", zone, now).isEqualTo(isOpen);
          Instant atNight = night.endOf(now, zone).orElse(now);
          assertThat(night.endOf(atNight, zone)).as("%s %s", zone, now).isEmpty();
          assertThat(Duration.between(now, atNight)).isLessThan(Duration.ofHours(50));
          tried++;
        }
        change = zone.getRules().nextTransition(change.getInstant());
      }
    }
    assertThat(tried).isGreaterThan(10_000);
  }

  private static boolean isBetween(LocalTime time) {
    return !time.isBefore(LocalTime.of(9, 0)) && time.isBefore(LocalTime.of(20, 0));
  }
}
