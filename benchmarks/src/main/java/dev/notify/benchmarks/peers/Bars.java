package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Rate;
import dev.notify.benchmarks.chart.BarChart;
import dev.notify.benchmarks.chart.BarChart.Bar;
import dev.notify.benchmarks.chart.BarChart.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everyone's rates as bars. */
final class Bars {

  /** Titles of what is shown, by shape of work; other shapes are in the tables only. */
  private static final Map<String, String> TITLES = titles();

  private Bars() {}

  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("send", "One by one into PostgreSQL, 16 threads");
    titles.put("list", "As lists into PostgreSQL, one thread");
    titles.put("drain", "Working off what is due, PostgreSQL");
    titles.put("send and deliver", "Sending and delivering at once, PostgreSQL");
    titles.put("in memory", "In memory, sent and delivered");
    return titles;
  }

  static String of(List<Rate> rates) {
    List<Group> groups = new ArrayList<>();
    TITLES.forEach(
        (shape, title) -> {
          List<Bar> bars =
              rates.stream().filter(rate -> rate.shape().equals(shape)).map(Bars::bar).toList();
          if (!bars.isEmpty()) {
            groups.add(new Group(title, bars));
          }
        });
    return new BarChart("Messages a second, longer is better", groups).svg();
  }

  private static Bar bar(Rate rate) {
    return new Bar(
        rate.contestant(),
        rate.rounds().median(),
        rate.rounds().lowest(),
        rate.rounds().highest(),
        rate.contestant().equals("notify"));
  }
}
