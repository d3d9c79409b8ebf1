package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.soak.Growth.Of;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of a run.
 *
 * @param options what was asked
 * @param balance what became of the messages
 * @param sending how sending went
 * @param samples in the order of time
 * @param kept rows that were there at the end
 */
record Verdict(
    Options options,
    Ledger.Balance balance,
    Sending sending,
    List<Sample> samples,
    Sample.Kept kept) {

  /**
   * How sending went.
   *
   * @param refused sends that were not accepted
   * @param seconds from when the first was due until the last was sent
   */
  record Sending(int refused, double seconds) {}

  Report report() {
    Report report = new Report();
    report.add(Figure.lower("soak.lost", balance.lost(), "", 0, 0));
    report.add(Figure.lower("soak.repeated", balance.repeated(), "", 0, 0));
    double asked = options.rate();
    report.add(
        Figure.higher(
            "soak.rate",
            balance.accepted() / sending.seconds(),
            "1/s",
            asked * 0.99,
            asked * 0.999));
    add(report, "soak.heap.growth", "MB alive", 0.1, 0.03, growth(s -> s.heap().alive()));
    add(report, "soak.table.growth", "MB", 0.1, 0.03, growthOfTables());
    add(report, "soak.hot.growth", "MB", 0.1, 0.03, growth(s -> s.tables().hotMegabytes()));
    add(report, "soak.p99.growth", "ms", 0.5, 0.1, growth(s -> s.call().p99()));
    add(report, "soak.threads.growth", "", 0.25, 0.05, growth(s -> s.process().threads()));
    add(report, "soak.files.growth", "", 0.25, 0.05, growth(s -> s.process().files()));
    report.add(Figure.lower("soak.call.p50.ms", late("p50", s -> s.call().p50()), "ms", 50, 10));
    report.add(Figure.lower("soak.call.p99.ms", late("p99", s -> s.call().p99()), "ms", 250, 50));
    report.add(Figure.lower("soak.send.p99.ms", late("p99", s -> s.send().p99()), "ms", 100, 25));
    notes(report);
    return report;
  }

  private static void add(
      Report report, String name, String unit, double floor, double goal, Growth growth) {
    report.add(Figure.lower(name, growth.share(), "", floor, goal));
    report.note("%s, %s: %s".formatted(name, unit, growth).replace(", :", ":"));
  }

  private Growth growth(ToDoubleFunction<Sample> value) {
    return growth(Of.MEDIAN, value);
  }

  /** Retention takes rows away once a minute, and vacuum gives back their room when it comes by. */
  private Growth growthOfTables() {
    return growth(Of.HIGHEST, sample -> sample.tables().allMegabytes());
  }

  private Growth growth(Of of, ToDoubleFunction<Sample> value) {
    Growth.Collector collector = new Growth.Collector(options.time().toMillis() / 1e3, of);
    samples.forEach(sample -> collector.add(sample.seconds(), value.applyAsDouble(sample)));
    return collector.growth();
  }

  /** A sample's value in each sample of the last two thirds. */
  private Series late(String name, ToDoubleFunction<Sample> value) {
    Series series = new Series(name);
    samples.stream()
        .filter(sample -> sample.seconds() * 3_000 >= options.time().toMillis())
        .forEach(sample -> series.add(value.applyAsDouble(sample)));
    return series;
  }

  private void notes(Report report) {
    report.note(
        "%d s at %d sends a second, %s %% of the calls fail and are repeated, one message in %d is refused for good; what has ended is kept for %d s"
            .formatted(
                options.time().toSeconds(),
                options.rate(),
                Figure.number(options.errors() * 100),
                FlakyProvider.REFUSES_ONE_IN,
                options.retention().toSeconds()));
    report.note(
        "accepted %d, not accepted %d, sent %d, dead letters %d, called more than once %d"
            .formatted(
                balance.accepted(),
                sending.refused(),
                balance.sent(),
                balance.dead(),
                balance.retried()));
    report.note("kept at the end: " + kept);
    if (!samples.isEmpty()) {
      Sample last = samples.get(samples.size() - 1);
      report.note(
          "at the end: %d deliveries open, %d dead rows beside them, %s MB of them; about %d messages kept in %s MB of all tables; %d threads, %d files, %d connections"
              .formatted(
                  last.tables().open(),
                  last.tables().dead(),
                  Figure.number(last.tables().hotMegabytes()),
                  last.tables().kept(),
                  Figure.number(last.tables().allMegabytes()),
                  last.process().threads(),
                  last.process().files(),
                  last.process().connections()));
    }
  }

  /** What a figure stands for, in few words. */
  static String meaning(String measure) {
    return switch (measure) {
      case "soak.lost" -> "messages without an end, or sent without being taken";
      case "soak.repeated" -> "messages that ended or were taken twice";
      case "soak.rate" -> "sends accepted a second";
      case "soak.heap.growth" -> "growth of the heap that is alive";
      case "soak.table.growth" -> "growth of all tables, when they are largest";
      case "soak.hot.growth" -> "growth of the open deliveries' table";
      case "soak.p99.growth" -> "growth of the p99 until the provider's call";
      case "soak.threads.growth" -> "growth of threads";
      case "soak.files.growth" -> "growth of open files";
      case "soak.call.p50.ms" -> "until the provider's call, p50";
      case "soak.call.p99.ms" -> "until the provider's call, p99";
      case "soak.send.p99.ms" -> "a `send()`, p99";
      default -> throw new IllegalArgumentException(measure);
    };
  }
}
