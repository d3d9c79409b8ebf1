package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.Chance;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Local times that are not to be disturbed, on clocks that jump. */
class QuietHoursTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final QuietHours NIGHT = QuietHours.between("22:00", "07:00");
  private static final QuietHours SIESTA = QuietHours.between("13:00", "15:00");

  @ParameterizedTest(name = "{0} in {1} at {2}: until {3}")
  @CsvSource({
    // An ordinary night: before and after midnight, and its edges.
    "22:00-07:00, Europe/Berlin, 2026-05-04T23:30, 2026-05-05T07:00",
    "22:00-07:00, Europe/Berlin, 2026-05-05T03:00, 2026-05-05T07:00",
    "22:00-07:00, Europe/Berlin, 2026-05-04T22:00, 2026-05-05T07:00",
    "22:00-07:00, Europe/Berlin, 2026-05-04T21:59:59.999999999, ",
    "22:00-07:00, Europe/Berlin, 2026-05-05T06:59:59.999999999, 2026-05-05T07:00",
    "22:00-07:00, Europe/Berlin, 2026-05-05T07:00, ",
    "13:00-15:00, Europe/Berlin, 2026-05-05T14:00, 2026-05-05T15:00",
    "13:00-15:00, Europe/Berlin, 2026-05-05T12:59, ",
    "00:00-06:00, Europe/Berlin, 2026-05-05T00:00, 2026-05-05T06:00",
    "18:00-00:00, Europe/Berlin, 2026-05-05T23:59, 2026-05-06T00:00",
    // The year's ends.
    "22:00-07:00, Europe/Berlin, 2025-12-31T23:59, 2026-01-01T07:00",
    "22:00-07:00, Asia/Kathmandu, 2028-02-29T23:00, 2028-03-01T07:00",
    // Spring in Berlin: 02:00 becomes 03:00 on 29 March 2026.
    "22:00-07:00, Europe/Berlin, 2026-03-28T23:00, 2026-03-29T07:00",
    "22:00-02:30, Europe/Berlin, 2026-03-29T01:30, 2026-03-29T03:30",
    "02:30-06:00, Europe/Berlin, 2026-03-29T03:10, 2026-03-29T06:00",
    "02:30-06:00, Europe/Berlin, 2026-03-29T01:59, ",
    // Autumn in New York: the hour from 01:00 occurs twice on 1 November 2026.
    "22:00-07:00, America/New_York, 2026-10-31T23:00, 2026-11-01T07:00",
    "23:00-01:30, America/New_York, 2026-11-01T01:15, 2026-11-01T01:30",
    // Lord Howe changes by half an hour: 02:00 becomes 02:30 on 4 October 2026.
    "22:00-02:15, Australia/Lord_Howe, 2026-10-04T01:59, 2026-10-04T02:45",
    "02:20-02:35, Australia/Lord_Howe, 2026-10-04T02:32, 2026-10-04T02:35",
    "22:00-07:00, Australia/Lord_Howe, 2026-04-05T01:45, 2026-04-05T07:00",
    // Samoa had no 30 December 2011.
    "22:00-07:00, Pacific/Apia, 2011-12-29T23:00, 2011-12-31T07:00",
    "22:00-07:00, Pacific/Apia, 2011-12-31T00:30, 2011-12-31T07:00",
    "13:00-15:00, Pacific/Apia, 2011-12-31T12:00, ",
  })
  void theyHoldFromTheirStartToJustBeforeTheirEnd(
      String hours, ZoneId zone, LocalDateTime at, LocalDateTime end) {
    QuietHours quiet = QuietHours.between(hours.substring(0, 5), hours.substring(6));

    Optional<Instant> over = quiet.endOf(at.atZone(zone).toInstant(), zone);

    assertThat(over.map(instant -> instant.atZone(zone).toLocalDateTime()))
        .isEqualTo(Optional.ofNullable(end));
  }

  @ParameterizedTest(name = "{0} in Berlin at {1}: until {2}")
  @CsvSource({
    // 4 May 2026 is a Monday. Hours belong to the day on which they begin.
    "2026-05-04T23:00, 2026-05-05T07:00",
    "2026-05-05T03:00, 2026-05-05T07:00",
    "2026-05-05T23:00, ",
    "2026-05-04T03:00, ",
    // The weekend: two days that touch are one.
    "2026-05-09T10:00, 2026-05-11T00:00",
    "2026-05-10T23:59, 2026-05-11T00:00",
    "2026-05-11T00:00, ",
  })
  void theyMayBeOfSomeDaysOnly(LocalDateTime at, LocalDateTime end) {
    QuietWeek week =
        QuietWeek.of(
            NIGHT.on(DayOfWeek.MONDAY),
            QuietHours.between("00:00", "12:00").on(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
            QuietHours.between("12:00", "00:00").on(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));

    Optional<Instant> over = week.endOf(at.atZone(BERLIN).toInstant(), BERLIN);

    assertThat(over.map(instant -> instant.atZone(BERLIN).toLocalDateTime()))
        .isEqualTo(Optional.ofNullable(end));
    assertThat(week.hours().get(0)).hasToString("22:00-07:00 Mon");
  }

  /** Whatever week is not refused ends, and its end is not quiet. */
  @Test
  void everyQuietTimeOfEveryWeekComesToAnEnd() {
    Chance.forMany(
        5_000,
        random -> {
          Case any = Case.any(random);
          List<QuietHours> hours = new ArrayList<>();
          for (int i = random.nextInt(5); i >= 0; i--) {
            hours.add(Case.any(random).hours().on(days(random)));
          }
          QuietWeek week;
          try {
            week = new QuietWeek(hours);
          } catch (InvalidNotificationException overlapping) {
            return;
          }
          week.endOf(any.now(), any.zone())
              .ifPresent(
                  until -> {
                    assertThat(until).isAfter(any.now());
                    assertThat(week.endOf(until, any.zone())).isEmpty();
                    assertThat(hours)
                        .anySatisfy(
                            one -> assertThat(one.endOf(any.now(), any.zone())).isPresent());
                  });
        });
  }

  private static DayOfWeek[] days(RandomGenerator random) {
    return random
        .ints(1 + random.nextInt(7), 1, 8)
        .distinct()
        .mapToObj(DayOfWeek::of)
        .toArray(DayOfWeek[]::new);
  }

  @Test
  void anEndThatOccursTwiceMeansTheFirst() {
    QuietHours hours = QuietHours.between("22:00", "02:30");
    ZonedDateTime firstTwo = LocalDateTime.parse("2026-10-25T02:10").atZone(BERLIN);

    assertThat(hours.endOf(firstTwo.toInstant(), BERLIN))
        .contains(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(hours.endOf(firstTwo.withLaterOffsetAtOverlap().toInstant(), BERLIN)).isEmpty();
  }

  @Test
  void hoursThatMeetAtAClockChangeCountAsOne() {
    QuietHours nearlyAlways = QuietHours.between("02:40", "02:30");
    Instant justBeforeTheChange = Instant.parse("2026-03-29T00:59:00Z");

    Optional<Instant> end = nearlyAlways.endOf(justBeforeTheChange, BERLIN);

    assertThat(end).contains(Instant.parse("2026-03-30T00:30:00Z"));
    assertThat(nearlyAlways.endOf(end.orElseThrow(), BERLIN)).isEmpty();
  }

  @Test
  void theSameMomentIsNightHereAndDayThere() {
    Instant moment = Instant.parse("2026-05-05T12:00:00Z");

    assertThat(NIGHT.endOf(moment, ZoneId.of("Asia/Tokyo"))).isEmpty();
    assertThat(NIGHT.endOf(moment, ZoneId.of("Pacific/Auckland"))).isPresent();
    assertThat(SIESTA.endOf(moment, BERLIN)).isPresent();
  }

  /** Quiet hours, a place and a moment by chance; half of them within a day of a clock change. */
  private record Case(LocalTime start, LocalTime end, ZoneId zone, Instant now) {

    private static final Instant[] CHANGES =
        Stream.of(
                "2026-03-29T01:00:00Z",
                "2026-10-25T01:00:00Z",
                "2026-03-08T07:00:00Z",
                "2026-11-01T06:00:00Z",
                "2026-10-03T15:30:00Z",
                "2026-04-04T15:00:00Z",
                "2011-12-30T10:00:00Z",
                "2018-11-04T03:00:00Z")
            .map(Instant::parse)
            .toArray(Instant[]::new);

    static Case any(RandomGenerator random) {
      LocalTime start = time(random);
      LocalTime end = time(random);
      String zone =
          Chance.oneOf(
              random,
              "Europe/Berlin",
              "America/New_York",
              "Australia/Lord_Howe",
              "Pacific/Apia",
              "Asia/Kathmandu",
              "Africa/Casablanca",
              "America/Sao_Paulo",
              "Antarctica/Troll",
              "UTC");
      return new Case(
          start, end.equals(start) ? end.plusMinutes(5) : end, ZoneId.of(zone), moment(random));
    }

    private static LocalTime time(RandomGenerator random) {
      return LocalTime.of(random.nextInt(24), random.nextInt(12) * 5);
    }

    private static Instant moment(RandomGenerator random) {
      return random.nextBoolean()
          ? Chance.oneOf(random, CHANGES).plus(Duration.ofMinutes(random.nextInt(-1800, 1801)))
          : Instant.ofEpochSecond(random.nextLong(1_262_304_000L, 2_208_988_800L)); // 2010 to 2040
    }

    QuietHours hours() {
      return new QuietHours(start, end);
    }

    boolean isQuietByTheClock() {
      LocalTime clock = now.atZone(zone).toLocalTime();
      return start.isBefore(end)
          ? !clock.isBefore(start) && clock.isBefore(end)
          : !clock.isBefore(start) || clock.isBefore(end);
    }

    boolean isFarFromChanges() {
      var next = zone.getRules().nextTransition(now.minus(Duration.ofDays(4)));
      return next == null || next.getInstant().isAfter(now.plus(Duration.ofDays(4)));
    }

    boolean isInAnHourThatRepeats() {
      return zone.getRules().getValidOffsets(now.atZone(zone).toLocalDateTime()).size() > 1;
    }
  }

  @Test
  void theEndIsLaterAndNotItselfQuiet() {
    Chance.forMany(
        5_000,
        random -> {
          Case any = Case.any(random);

          any.hours()
              .endOf(any.now(), any.zone())
              .ifPresent(
                  until -> {
                    assertThat(until).isAfter(any.now());
                    assertThat(any.hours().endOf(until, any.zone())).isEmpty();
                    assertThat(Duration.between(any.now(), until)).isLessThan(Duration.ofHours(73));
                  });
        });
  }

  @Test
  void onAnOrdinaryDayTheWallClockDecides() {
    Chance.forMany(
        5_000,
        random -> {
          Case any = Case.any(random);
          if (any.isFarFromChanges()) {
            Optional<Instant> over = any.hours().endOf(any.now(), any.zone());

            assertThat(over.isPresent()).isEqualTo(any.isQuietByTheClock());
            over.ifPresent(
                until -> assertThat(until.atZone(any.zone()).toLocalTime()).isEqualTo(any.end()));
          }
        });
  }

  /** Never earlier than the clock on the wall says; near a change perhaps later. */
  @Test
  void nobodyIsDisturbedWhileTheWallClockShowsQuietHoursExceptInAnHourThatRepeats() {
    Chance.forMany(
        5_000,
        random -> {
          Case any = Case.any(random);
          if (any.isQuietByTheClock() && !any.isInAnHourThatRepeats()) {
            assertThat(any.hours().endOf(any.now(), any.zone())).isPresent();
          }
        });
  }
}
