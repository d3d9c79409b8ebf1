package dev.notify.analytics;

import dev.notify.model.Funnel;
import dev.notify.model.Funnel.Row;
import dev.notify.model.Funnel.Times;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A day as a page of HTML that can be sent as a mail: no script, nothing from elsewhere, styles
 * beside what they are for. Bars are cells of tables, which every mail program shows; the week is
 * drawn as SVG, which some leave out, and stands beside it in numbers.
 */
final class ReportPage {

  /** Longer tables are in the CSV. */
  static final int MOST_ROWS = 20;

  private static final List<Stage> FUNNEL =
      List.of(
          Stage.ACCEPTED,
          Stage.SENT,
          Stage.DELIVERED,
          Stage.OPENED,
          Stage.CLICKED,
          Stage.CONVERTED);

  private static final List<Stage> TROUBLE =
      List.of(
          Stage.BOUNCED,
          Stage.UNDELIVERED,
          Stage.COMPLAINED,
          Stage.UNSUBSCRIBED,
          Stage.DEAD,
          Stage.EXPIRED,
          Stage.SUPPRESSED,
          Stage.CANCELLED,
          Stage.OPEN);

  private static final String CELL = " style=\"padding:4px 8px;border-bottom:1px solid #ddd\"";
  private static final String NUMBER =
      " align=\"right\" style=\"padding:4px 8px;border-bottom:1px solid #ddd\"";
  private static final int WIDTH = 560;
  private static final int HEIGHT = 140;
  private static final int BAR = 300;

  private final StringBuilder html = new StringBuilder(16_000);

  private ReportPage() {}

  /**
   * The page.
   *
   * @param title stands on top of it
   * @param day the day's funnel in one row
   * @param tables the day's funnels by dimensions
   * @param week the days up to this one, by the hour
   * @param zone whose days they are
   */
  static String of(String title, Funnel day, List<Funnel> tables, List<Day> week, ZoneId zone) {
    ReportPage page = new ReportPage();
    page.html
        .append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escaped(title))
        .append("</title></head><body style=\"font-family:sans-serif;color:#222\"><h1>")
        .append(escaped(title))
        .append("</h1><p>Notifications accepted from ")
        .append(escaped(local(day.query().from(), zone)))
        .append(" until ")
        .append(escaped(local(day.query().until(), zone)))
        .append(", and how far they have come by now.</p>");
    if (!isLocalMidnight(day.query().from(), zone)) {
      page.html.append(
          "<p>Whole hours of UTC are counted: each is part of the day in which it begins.</p>");
    }
    page.bars(day.total());
    page.trouble(day.total());
    page.times(day.total());
    page.cost(day.total());
    page.week(week);
    for (Funnel table : tables) {
      page.table(table);
    }
    return page.html.append("</body></html>").toString();
  }

  /**
   * A day of the week.
   *
   * @param date which
   * @param row its funnel
   */
  record Day(LocalDate date, Row row) {}

  private static boolean isLocalMidnight(Instant time, ZoneId zone) {
    return time.equals(time.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant());
  }

  private static String local(Instant time, ZoneId zone) {
    return time.atZone(zone).toLocalDateTime() + " (" + zone.getId() + ")";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  static String name(Dimension dimension) {
    return dimension.name().toLowerCase(Locale.ROOT);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String percent(Row row, Stage stage) {
    return row.count(stage.whole()) == 0
        ? "&ndash;"
        : String.format(Locale.ROOT, "%.1f&nbsp;%%", 100 * row.rate(stage));
  }

  private void bars(Row total) {
    long most = Math.max(1, total.count(Stage.ACCEPTED));
    html.append("<table id=\"funnel\" cellspacing=\"0\">");
    for (Stage stage : FUNNEL) {
      long count = total.count(stage);
      int width = (int) Math.min(BAR, count * BAR / most);
      begin(name(stage)).append("<td").append(NUMBER).append('>').append(grouped(count));
      html.append("</td><td").append(NUMBER).append('>').append(percent(total, stage));
      html.append("</td><td").append(CELL).append('>');
      if (width > 0) {
        html.append(
                "<table cellspacing=\"0\" cellpadding=\"0\"><tr><td bgcolor=\"#2c6fbb\" width=\"")
            .append(width)
            .append("\" height=\"14\"></td></tr></table>");
      }
      html.append("</td></tr>");
    }
    html.append("</table>");
  }

  private StringBuilder begin(String heading) {
    return html.append("<tr><th scope=\"row\" align=\"left\"")
        .append(CELL)
        .append('>')
        .append(escaped(heading))
        .append("</th>");
  }

  private void trouble(Row total) {
    List<Stage> happened = TROUBLE.stream().filter(stage -> total.count(stage) > 0).toList();
    if (happened.isEmpty()) {
      return;
    }
    html.append("<h2>What else became of them</h2><table id=\"else\" cellspacing=\"0\">");
    for (Stage stage : happened) {
      begin(name(stage))
          .append("<td")
          .append(NUMBER)
          .append('>')
          .append(grouped(total.count(stage)));
      html.append("</td><td").append(NUMBER).append('>').append(percent(total, stage));
      html.append(" of ").append(name(stage.whole())).append("</td></tr>");
    }
    html.append("</table>");
  }

  private void times(Row total) {
    if (total.toSent().count() == 0) {
      return;
    }
    html.append("<h2>How long it took</h2><table id=\"times\" cellspacing=\"0\"><tr><th")
        .append(CELL)
        .append("></th><th")
        .append(NUMBER)
        .append(">half</th><th")
        .append(NUMBER)
        .append(">90 of 100</th><th")
        .append(NUMBER)
        .append(">99 of 100</th></tr>");
    times("until sent", total.toSent());
    times("until delivered", total.toDelivered());
    html.append("</table>");
  }

  private void times(String heading, Times times) {
    if (times.count() > 0) {
      begin(heading);
      for (Duration one : List.of(times.p50(), times.p90(), times.p99())) {
        html.append("<td").append(NUMBER).append('>').append(shown(one)).append("</td>");
      }
      html.append("</tr>");
    }
  }

  private void cost(Row total) {
    if (total.cost().isEmpty()) {
      return;
    }
    html.append("<h2>What it cost</h2><table id=\"cost\" cellspacing=\"0\">");
    total
        .cost()
        .forEach(
            (currency, sum) -> {
              begin(currency.getCurrencyCode());
              html.append("<td").append(NUMBER).append('>').append(sum.toPlainString());
              html.append("</td></tr>");
            });
    html.append("</table>");
  }

  private static String money(Row row) {
    return row.cost().entrySet().stream()
        .map(sum -> sum.getValue().toPlainString() + "&nbsp;" + sum.getKey().getCurrencyCode())
        .collect(Collectors.joining("<br>"));
  }

  static String shown(Duration time) {
    double millis = time.toNanos() / 1e6;
    if (millis < 1_000) {
      return String.format(Locale.ROOT, "%.0f&nbsp;ms", millis);
    }
    if (millis < 120_000) {
      return String.format(Locale.ROOT, "%.1f&nbsp;s", millis / 1_000);
    }
    return millis < 7_200_000
        ? String.format(Locale.ROOT, "%.0f&nbsp;min", millis / 60_000)
        : String.format(Locale.ROOT, "%.1f&nbsp;h", millis / 3_600_000);
  }

  private void week(List<Day> week) {
    long most = week.stream().mapToLong(day -> day.row().count(Stage.SENT)).max().orElse(0);
    if (most == 0) {
      return;
    }
    int slot = WIDTH / week.size();
    html.append(
            "<h2>Sent and opened, day by day</h2><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(WIDTH)
        .append("\" height=\"")
        .append(HEIGHT + 20)
        .append("\" role=\"img\" aria-label=\"Sent and opened, day by day\">");
    for (int i = 0; i < week.size(); i++) {
      Row row = week.get(i).row();
      rectangle(i * slot + 4, slot / 2 - 4, row.count(Stage.SENT), most, "#2c6fbb");
      rectangle(i * slot + slot / 2, slot / 2 - 8, row.count(Stage.OPENED), most, "#e08e2b");
      html.append("<text x=\"")
          .append(i * slot + 4)
          .append("\" y=\"")
          .append(HEIGHT + 16)
          .append("\" font-size=\"11\" font-family=\"sans-serif\">")
          .append(week.get(i).date().toString().substring(5))
          .append("</text>");
    }
    html.append("</svg><table id=\"week\" cellspacing=\"0\"><tr>");
    heading("day", CELL);
    FUNNEL.forEach(stage -> heading(name(stage), NUMBER));
    html.append("</tr>");
    for (Day day : week) {
      begin(day.date().toString());
      FUNNEL.forEach(stage -> count(day.row(), stage));
      html.append("</tr>");
    }
    html.append("</table>");
  }

  private void rectangle(int x, int width, long count, long most, String colour) {
    long height = Math.min(HEIGHT, count * HEIGHT / most);
    html.append("<rect x=\"").append(x).append("\" y=\"").append(HEIGHT - height);
    html.append("\" width=\"").append(width).append("\" height=\"").append(height);
    html.append("\" fill=\"").append(colour).append("\"/>");
  }

  private void heading(String text, String style) {
    html.append("<th").append(style).append('>').append(escaped(text)).append("</th>");
  }

  private void count(Row row, Stage stage) {
    html.append("<td").append(NUMBER).append('>').append(grouped(row.count(stage))).append("</td>");
  }

  private void table(Funnel funnel) {
    List<Row> rows =
        funnel.rows().stream()
            .sorted(Comparator.comparingLong((Row row) -> row.count(Stage.ACCEPTED)).reversed())
            .limit(MOST_ROWS)
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    String by =
        funnel.query().by().stream().map(ReportPage::name).collect(Collectors.joining(" and "));
    html.append("<h2>By ").append(by).append("</h2><table cellspacing=\"0\"><tr>");
    funnel.query().by().forEach(dimension -> heading(name(dimension), CELL));
    FUNNEL.forEach(stage -> heading(name(stage), NUMBER));
    heading("opened of sent", NUMBER);
    boolean priced = !funnel.total().cost().isEmpty();
    if (priced) {
      heading("cost", NUMBER);
    }
    html.append("</tr>");
    for (Row row : rows) {
      html.append("<tr>");
      for (Dimension dimension : funnel.query().by()) {
        String value = row.value(dimension);
        html.append("<td").append(CELL).append('>');
        html.append(value.isEmpty() ? "&ndash;" : escaped(value)).append("</td>");
      }
      FUNNEL.forEach(stage -> count(row, stage));
      html.append("<td").append(NUMBER).append('>').append(percent(row, Stage.OPENED));
      if (priced) {
        html.append("</td><td").append(NUMBER).append('>').append(money(row));
      }
      html.append("</td></tr>");
    }
    html.append("</table>");
    if (funnel.rows().size() > rows.size()) {
      html.append("<p>The largest ").append(rows.size()).append(" of ");
      html.append(funnel.rows().size()).append("; the others are in the CSV.</p>");
    }
  }
}
