package dev.notify.analytics;

import dev.notify.model.Funnel;
import dev.notify.model.Funnel.Row;
import dev.notify.model.Funnel.Times;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.Stage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;

/**
 * A funnel as CSV (RFC 4180): a line for each row, a column for each dimension, stage and
 * percentile (in milliseconds), and for each currency in which anything cost something.
 */
final class FunnelCsv {

  private FunnelCsv() {}

  /** The text, its first line being the names of the columns. */
  static String of(Funnel funnel) {
    StringBuilder csv = new StringBuilder();
    List<String> names = new ArrayList<>();
    boolean timed = funnel.query().interval().isPresent();
    if (timed) {
      names.add("time");
    }
    funnel.query().by().forEach(dimension -> names.add(ReportPage.name(dimension)));
    for (Stage stage : Stage.values()) {
      names.add(ReportPage.name(stage));
    }
    for (String what : List.of("sent", "delivered")) {
      for (String percentile : List.of("p50", "p90", "p99")) {
        names.add("to_" + what + "_" + percentile + "_ms");
      }
    }
    List<Currency> currencies = List.copyOf(funnel.total().cost().keySet());
    for (Currency currency : currencies) {
      names.add("cost_" + currency.getCurrencyCode().toLowerCase(Locale.ROOT));
    }
    line(csv, names);
    for (Row row : funnel.rows()) {
      List<String> fields = new ArrayList<>();
      if (timed) {
        fields.add(row.time().map(Instant::toString).orElse(""));
      }
      for (Dimension dimension : funnel.query().by()) {
        fields.add(harmless(row.value(dimension)));
      }
      for (Stage stage : Stage.values()) {
        fields.add("" + row.count(stage));
      }
      times(fields, row.toSent());
      times(fields, row.toDelivered());
      for (Currency currency : currencies) {
        fields.add(row.cost().getOrDefault(currency, BigDecimal.ZERO).toPlainString());
      }
      line(csv, fields);
    }
    return csv.toString();
  }

  private static void times(List<String> fields, Times times) {
    boolean none = times.count() == 0;
    fields.add(none ? "" : "" + times.p50().toMillis());
    fields.add(none ? "" : "" + times.p90().toMillis());
    fields.add(none ? "" : "" + times.p99().toMillis());
  }

  /** A name that a spreadsheet would take for a formula is made a text. */
  private static String harmless(String name) {
    return !name.isEmpty() && "=+-@\t\r".indexOf(name.charAt(0)) >= 0 ? "'" + name : name;
  }

  private static void line(StringBuilder csv, List<String> fields) {
    csv.append(String.join(",", fields.stream().map(FunnelCsv::quoted).toList())).append("\r\n");
  }

  private static String quoted(String field) {
    boolean needsQuotes =
        field.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return needsQuotes ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }
}
