package dev.notify;

import dev.notify.analytics.DayReport;
import dev.notify.analytics.Funnels;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.RefusedException;
import dev.notify.spi.RollupStore;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * How far notifications come. Counts are made in the very step in which something happens, by all
 * nodes on the same store, so of what has ended an answer is exact and needs to look at no
 * delivery. Those that are open are counted when it is asked for: one that ends at that very moment
 * may be in the answer twice, as open and as what it became, and is not the next time. Made by
 * {@link NotificationDispatcher#analytics}; thread-safe.
 *
 * @since 0.1
 */
public final class Analytics {

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
    return Funnels.csv(funnel);
  }

  /**
   * A day for people to read: a page of HTML with charts that can be sent as a mail, and everything
   * as CSV. Whole hours are counted: in a zone that is off by a part of an hour, each is part of
   * the day in which it begins.
   *
   * @param zone whose day it is
   * @throws RefusedException if the store cannot be reached
   */
  public Report report(LocalDate day, ZoneId zone) {
    DayReport made = DayReport.of(day, zone, store);
    return new Report(day, made.title(), made.html(), made.csv());
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
