package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant FROM = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2041-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 8 * * MON-FRI | 2026-01-02T12:00 | 2026-01-05T08:30",
        "30 8 * * mon-fri | 2026-01-02T12:00 | 2026-01-05T08:30",
        "0 0 1 * *        | 2026-01-01T00:00 | 2026-02-01T00:00",
        "*/15 9-17 * * *  | 2026-01-01T17:45 | 2026-01-02T09:00",
        "0 9 1 * MON      | 2026-01-05T09:00 | 2026-01-12T09:00",
        "0 9 1 * MON      | 2026-01-26T09:00 | 2026-02-01T09:00",
        "0 0 L * *        | 2028-02-01T00:00 | 2028-02-29T00:00",
        "0 9 29 2 *       | 2026-01-01T00:00 | 2028-02-29T09:00",
        "0 9 * * MON#2    | 2026-01-01T00:00 | 2026-01-12T09:00",
        "0 9 * * 5L       | 2026-01-01T00:00 | 2026-01-30T09:00",
        "0 9 15W * *      | 2026-02-01T00:00 | 2026-02-16T09:00",
        "0 9 LW 2 *       | 2032-01-01T00:00 | 2032-02-27T09:00",
        "0 9 * * 7        | 2026-01-01T00:00 | 2026-01-04T09:00",
        "@daily           | 2026-01-01T00:00 | 2026-01-02T00:00",
        "@Daily           | 2026-01-01T00:00 | 2026-01-02T00:00",
      })
  void itGivesTheNextTimeOnTheClock(String cron, String after, String next) {
    assertThat(CronExpression.parse(cron).next(LocalDateTime.parse(after)))
        .contains(LocalDateTime.parse(next));
  }

  @Test
  void theWorkingDayNearestToADayIsOfItsMonth() {
    LocalDate until = LocalDate.parse("2041-01-01");
    for (int day = 1; day <= 27; day++) {
      CronExpression cron = CronExpression.parse("0 0 " + day + "W * *");
      LocalDateTime at = LocalDateTime.parse("2025-12-31T00:00");
      for (LocalDate month = LocalDate.parse("2026-01-01");
          month.isBefore(until);
          month = month.plusMonths(1)) {
        at = cron.next(at).orElseThrow();
        assertThat(at.toLocalDate()).isEqualTo(nearest(month.withDayOfMonth(day)));
      }
    }
  }

  private static LocalDate nearest(LocalDate day) {
    return switch (day.getDayOfWeek()) {
      case SATURDAY -> day.getDayOfMonth() == 1 ? day.plusDays(2) : day.minusDays(1);
      case SUNDAY -> day.plusDays(1);
      default -> day;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "60 9 * * *    | '60' in field 1, the minute: Value 60 not in range [0, 59]",
        "0 25 * * *    | '25' in field 2, the hour: Value 25 not in range [0, 23]",
        "0 9 32 * *    | '32' in field 3, the day of the month: Value 32 not in range [1, 31]",
        "0 9 * 13 *    | '13' in field 4, the month: Value 13 not in range [1, 12]",
        "0 9 * * FOO   | 'FOO' in field 5, the day of the week",
        "*/0 9 * * *   | '*/0' in field 1, the minute: Period 0 not in range [0, 59]",
        "0 22-3 * * *  | '22-3' in field 2, the hour: Invalid range! [22,3]",
        "0 9 28W * *   | '28W' in field 3, the day of the month: W takes a day from 1 to 27",
        "0 9 31w * *   | '31W' in field 3, the day of the month: W takes a day from 1 to 27",
        "0 9 1,15W * * | '1,15W' in field 3, the day of the month: L and W stand alone",
        "0 9 L,1 * *   | 'L,1' in field 3, the day of the month: L and W stand alone",
        "0 9 * *       | '0 9 * *' has 4 fields, not the 5",
        "0 0 9 * * * 1 | has 7 fields, not the 5",
        "@often        | has 1 fields",
        "0 9 30 2 *    | '0 9 30 2 *' is a time that never comes",
        "0 9 31 4,6 *  | is a time that never comes",
      })
  void whatIsWrongIsNamed(String cron, String message) {
    assertThatThrownBy(() -> CronExpression.parse(cron))
        .isInstanceOfSatisfying(
            InvalidNotificationException.class, e -> assertThat(e.field()).isEqualTo("cron"))
        .hasMessageContaining(message.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "0 9\n* * *", "* * * * *\u0000", "💥 * * * *", "- - - - -"})
  void nonsenseIsRefused(String cron) {
    assertThatThrownBy(() -> CronExpression.parse(cron))
        .isInstanceOf(InvalidNotificationException.class);
  }

  @Test
  void anythingAtAllIsReadOrRefusedAndNeverHangs() {
    RandomGenerator chance = new SplittableRandom(7);
    String letters = "0123456789*/-,?LW#MONFRIJAN @";
    for (int i = 0; i < 3_000; i++) {
      StringBuilder cron = new StringBuilder();
      for (int field = 0; field < 5; field++) {
        int length = 1 + chance.nextInt(4);
        for (int at = 0; at < length; at++) {
          cron.append(letters.charAt(chance.nextInt(letters.length())));
        }
        cron.append(' ');
      }
      try {
        assertThat(CronExpression.parse(cron.toString()).next(FROM, BERLIN)).isPresent();
      } catch (InvalidNotificationException e) {
        assertThat(e.field()).isEqualTo("cron");
      }
    }
  }

  @Test
  void aTimeThatIsSkippedMovesForwardByTheGap() {
    CronExpression cron = CronExpression.parse("30 2 * * *");

    assertThat(cron.next(Instant.parse("2026-03-28T12:00:00Z"), BERLIN))
        .contains(Instant.parse("2026-03-29T01:30:00Z")); // 03:30
  }

  @Test
  void aTimeThatOccursTwiceMeansTheFirst() {
    CronExpression cron = CronExpression.parse("30 2 * * *");
    Instant first = Instant.parse("2026-10-25T00:30:00Z");

    assertThat(cron.next(Instant.parse("2026-10-24T12:00:00Z"), BERLIN)).contains(first);
    assertThat(cron.next(first, BERLIN)).contains(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void timesThatMeetByAClockChangeAreOne() {
    CronExpression hourly = CronExpression.parse("0 * * * *");

    assertThat(moments(hourly, BERLIN, Instant.parse("2026-03-28T23:30:00Z"), 4))
        .containsExactly(
            Instant.parse("2026-03-29T00:00:00Z"),
            Instant.parse("2026-03-29T01:00:00Z"), // 03:00, and the 02:00 that was skipped
            Instant.parse("2026-03-29T02:00:00Z"),
            Instant.parse("2026-03-29T03:00:00Z"));
  }

  private static List<Instant> moments(CronExpression cron, ZoneId zone, Instant from, int count) {
    List<Instant> moments = new ArrayList<>();
    Instant at = from;
    for (int i = 0; i < count; i++) {
      at = cron.next(at, zone).orElseThrow();
      moments.add(at);
    }
    return moments;
  }

  /**
   * Around every clock change of every zone of the JDK from 2000 to 2040, what comes is what the
   * rule says of each single time on the clock: none is left out, none comes twice, all in order.
   */
  @Test
  void everyTimeComesOnceInEveryZoneThroughEveryClockChange() {
    RandomGenerator chance = new SplittableRandom(20_260_302);
    int changes = 0;
    Set<ZoneRules> tried = new HashSet<>();
    for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneId zone = ZoneId.of(id);
      if (!tried.add(zone.getRules())) {
        continue; // another name of the same zone
      }
      ZoneOffsetTransition change = zone.getRules().nextTransition(FROM);
      while (change != null && change.getInstant().isBefore(UNTIL)) {
        changes++;
        // Mostly times that the change skips or repeats; now and then one for all hours.
        String cron = changes % 8 == 0 ? frequent(chance) : near(change, chance);
        requireExact(CronExpression.parse(cron), zone, change);
        change = zone.getRules().nextTransition(change.getInstant());
      }
    }
    assertThat(changes).isGreaterThan(5_000);
  }

  private static String frequent(RandomGenerator chance) {
    return List.of("*/20 * * * *", "0 * * * *", "7 */2 * * *", "30 0-4 * * *")
        .get(chance.nextInt(4));
  }

  /** A time each day that the change skips, repeats, or only just does not. */
  private static String near(ZoneOffsetTransition change, RandomGenerator chance) {
    LocalDateTime time = change.getDateTimeBefore().plusMinutes(chance.nextInt(-90, 91));
    LocalDateTime other = change.getDateTimeAfter().plusMinutes(chance.nextInt(-90, 91));
    return time.getMinute() + " " + time.getHour() + "," + other.getHour() + " * * *";
  }

  private static void requireExact(CronExpression cron, ZoneId zone, ZoneOffsetTransition change) {
    Instant from = change.getInstant().minus(Duration.ofHours(30));
    Instant until = change.getInstant().plus(Duration.ofHours(30));
    TreeSet<Instant> expected = new TreeSet<>();
    Optional<LocalDateTime> time =
        cron.next(LocalDateTime.ofInstant(from.minus(Duration.ofDays(2)), ZoneOffset.UTC));
    LocalDateTime last = LocalDateTime.ofInstant(until.plus(Duration.ofDays(2)), ZoneOffset.UTC);
    while (time.isPresent() && time.get().isBefore(last)) {
      // What java.time does with a gap and with an overlap is the rule.
      Instant moment = time.get().atZone(zone).toInstant();
      if (moment.isAfter(from) && moment.isBefore(until)) {
        expected.add(moment);
      }
      time = cron.next(time.get());
    }
    List<Instant> came = new ArrayList<>();
    Optional<Instant> next = cron.next(from, zone);
    while (next.isPresent() && next.get().isBefore(until)) {
      came.add(next.get());
      next = cron.next(next.get(), zone);
    }
    assertThat(came)
        .as("%s in %s around %s", cron, zone, change)
        .containsExactlyElementsOf(expected);
  }
}
