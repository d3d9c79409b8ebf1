package dev.notify;

import dev.notify.analytics.FunnelCsv;
import dev.notify.analytics.Funnels;
import dev.notify.analytics.ReportPage;
import dev.notify.analytics.ReportPage.Day;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.RefusedException;
import dev.notify.spi.RollupStore;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * How far notifications come. Counts are made in the very step in which something happens, by all
 * nodes on the same store, so an answer is exact and needs to look at no delivery that has ended.
 * Made by {@link NotificationDispatcher#analytics}; thread-safe.
 *
 * @since 0.1
 */
public final class Analytics {

  private static final int DAYS = 7;

  private final RollupStore store;

  Analytics(RollupStore store) {
    this.store = store;
  }

  /**
   * How far the deliveries came that were accepted within a time.
   *
   * @throws RefusedException if the store cannot be reached
   */
  public Funnel funnel(FunnelQuery query) {
    return Funnels.answer(query, store);
  }

  /** A funnel as CSV (RFC 4180), with a line for each of its rows. */
  public static String csv(Funnel funnel) {
    return FunnelCsv.of(funnel);
  }

  /**
   * A day for people to read: a page of HTML with charts that can be sent as a mail, and everything
   * as CSV.
   *
   * @param zone whose day it is
   * @throws RefusedException if the store cannot be reached
   */
  public Report report(LocalDate day, ZoneId zone) {
    FunnelQuery query = FunnelQuery.between(begin(day, zone), begin(day.plusDays(1), zone));
    List<Funnel> tables = new ArrayList<>();
    tables.add(funnel(query.by(Dimension.CHANNEL, Dimension.PROVIDER)));
    tables.add(funnel(query.by(Dimension.CATEGORY)));
    tables.add(funnel(query.by(Dimension.TEMPLATE, Dimension.VERSION)));
    addIfAny(tables, funnel(query.by(Dimension.EXPERIMENT, Dimension.VARIANT)));
    addIfAny(tables, funnel(query.by(Dimension.SEGMENT)));
    List<Day> week = new ArrayList<>();
    for (LocalDate one = day.minusDays(DAYS - 1); !one.isAfter(day); one = one.plusDays(1)) {
      week.add(
          new Day(
              one,
              funnel(FunnelQuery.between(begin(one, zone), begin(one.plusDays(1), zone))).total()));
    }
    String title = "Notifications of " + day;
    return new Report(
        day,
        title,
        ReportPage.of(title, funnel(query), tables, week, zone),
        FunnelCsv.of(funnel(query.by(Dimension.values()))));
  }

  /** Without what most applications do not have. */
  private static void addIfAny(List<Funnel> tables, Funnel funnel) {
    Dimension first = funnel.query().by().get(0);
    if (funnel.rows().stream().anyMatch(row -> !row.value(first).isEmpty())) {
      tables.add(funnel);
    }
  }

  private static Instant begin(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toInstant();
  }

  /**
   * A day for people to read.
   *
   * @param day which
   * @param title what it is
   * @param html a page that is complete in itself: no script, nothing from elsewhere
   * @param csv the day by all dimensions (RFC 4180)
   */
  public record Report(LocalDate day, String title, String html, String csv) {}
}
