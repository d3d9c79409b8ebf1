package dev.notify.analytics;

import dev.notify.analytics.ReportPage.Day;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * A day for people to read.
 *
 * @param title what it is
 * @param html a page that is complete in itself
 * @param csv the day by all dimensions
 * @since 0.1
 */
public record DayReport(String title, String html, String csv) {

  private static final int DAYS = 7;

  /** The report of a day, from what a store has counted. */
  public static DayReport of(LocalDate day, ZoneId zone, RollupStore store) {
    FunnelQuery query = between(day, zone);
    List<Funnel> tables = new ArrayList<>();
    tables.add(Funnels.answer(query.by(Dimension.CHANNEL, Dimension.PROVIDER), store));
    tables.add(Funnels.answer(query.by(Dimension.CATEGORY), store));
    tables.add(Funnels.answer(query.by(Dimension.TEMPLATE, Dimension.VERSION), store));
    addIfAny(tables, Funnels.answer(query.by(Dimension.EXPERIMENT, Dimension.VARIANT), store));
    addIfAny(tables, Funnels.answer(query.by(Dimension.SEGMENT), store));
    List<Day> week = new ArrayList<>();
    for (LocalDate one = day.minusDays(DAYS - 1); !one.isAfter(day); one = one.plusDays(1)) {
      week.add(new Day(one, Funnels.answer(between(one, zone), store).total()));
    }
    String title = "Notifications of " + day;
    return new DayReport(
        title,
        ReportPage.of(title, Funnels.answer(query, store), tables, week, zone),
        FunnelCsv.of(Funnels.answer(query.by(Dimension.values()), store)));
  }

  /** Without what most applications do not have. */
  private static void addIfAny(List<Funnel> tables, Funnel funnel) {
    Dimension first = funnel.query().by().get(0);
    if (funnel.rows().stream().anyMatch(row -> !row.value(first).isEmpty())) {
      tables.add(funnel);
    }
  }

  private static FunnelQuery between(LocalDate day, ZoneId zone) {
    return FunnelQuery.between(begin(day, zone), begin(day.plusDays(1), zone));
  }

  /** The first hour that begins in the day: each hour is counted in one day, in any zone. */
  private static Instant begin(LocalDate day, ZoneId zone) {
    Instant midnight = day.atStartOfDay(zone).toInstant();
    Instant hour = Statistics.hourOf(midnight);
    return hour.equals(midnight) ? hour : hour.plus(Duration.ofHours(1));
  }

  @Override
  public String toString() {
    return "DayReport[" + title + "]";
  }
}
