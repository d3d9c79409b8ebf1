package dev.notify.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Rate;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Where measurements take place: a database and a pool for each, made for it and gone after it. Who
 * fails is noted, and the others go on.
 */
final class Bench {

  /** Stands before the names of figures that were taken without waiting for the disk. */
  private static final String ASYNC = "async.";

  private final Server server;
  private final Options options;
  private final Report report;
  private final String prefix;
  private final Set<String> filled;
  private final Attempts attempts;

  /**
   * A bench.
   *
   * @param server everyone's server
   * @param options what was asked for
   * @param report where figures go
   */
  Bench(Server server, Options options, Report report) {
    this(server, options, report, "", new HashSet<>(), new Attempts(report, System.err));
  }

  private Bench(
      Server server,
      Options options,
      Report report,
      String prefix,
      Set<String> filled,
      Attempts attempts) {
    this.server = server;
    this.options = options;
    this.report = report;
    this.prefix = prefix;
    this.filled = filled;
    this.attempts = attempts;
  }

  /** The same bench, whose figures have names that say that nobody waited for the disk. */
  Bench async() {
    return new Bench(server, options, report, ASYNC, filled, attempts);
  }

  Server server() {
    return server;
  }

  Options options() {
    return options;
  }

  Report report() {
    return report;
  }

  /** Whether one of these figures is asked for. */
  boolean wants(String... figures) {
    return Arrays.stream(figures)
        .anyMatch(
            figure ->
                options.wants(prefix + figure)
                    && (prefix.isEmpty() || Options.ALSO_ASYNC.contains(figure)));
  }

  boolean wants(String[]... figures) {
    return Arrays.stream(figures).anyMatch(this::wants);
  }

  boolean nothingFailed() {
    return attempts.allSucceeded();
  }

  /** Adds a value to a series; if it cannot be taken, a place without one. */
  void take(Series series, String what, Attempts.Value value) throws InterruptedException {
    attempts.take(series, what, value);
  }

  /** Takes some figures, if they are asked for. */
  void section(Attempts.Section section, String... figures) throws InterruptedException {
    if (wants(figures)) {
      attempts.run(section, String.join(", ", figures));
    }
  }

  /** A measurement of one contestant. */
  interface Measurement<R> {
    R of(Contestant contestant, Site site) throws Exception;
  }

  /**
   * What a contestant stands on.
   *
   * @param tally its handler counts here
   * @param pool its connections
   * @param plain connections beside the pool, for looking on
   */
  record Site(Tally tally, HikariDataSource pool, DataSource plain) {}

  /** Measures a contestant with fresh tables. */
  <R> R fresh(Kind kind, Measurement<R> measurement) throws Exception {
    return fresh(kind, new Tally(), source -> source, measurement);
  }

  /**
   * Measures a contestant with fresh tables.
   *
   * @param between stands between its pool and the driver
   */
  <R> R fresh(Kind kind, Tally tally, UnaryOperator<DataSource> between, Measurement<R> measurement)
      throws Exception {
    String database = "bench_" + kind.name();
    server.create(database);
    return on(database, kind, tally, between, measurement);
  }

  /** Measures a contestant with so many rows that are due; each time the very same pages. */
  <R> R ready(Kind kind, int rows, Measurement<R> measurement) throws Exception {
    String original = "filled_" + kind.name() + "_" + rows;
    if (filled.add(original)) {
      progress("filling " + original);
      server.create(original);
      on(
          original,
          kind,
          new Tally(),
          source -> source,
          (contestant, site) -> {
            contestant.fill(rows);
            contestant.close();
            server.settle(site.plain());
            return contestant.open();
          });
    }
    String database = "bench_" + kind.name();
    server.copy(original, database);
    return on(database, kind, new Tally(), source -> source, measurement);
  }

  private <R> R on(
      String database,
      Kind kind,
      Tally tally,
      UnaryOperator<DataSource> between,
      Measurement<R> measurement)
      throws Exception {
    DataSource plain = server.source(database, kind.rewritesBatches());
    try (HikariDataSource pool = Server.pool(between.apply(plain));
        Contestant contestant = kind.maker().apply(pool, tally)) {
      server.settle(plain);
      Threads.sleep(options.rest());
      return measurement.of(contestant, new Site(tally, pool, plain));
    }
  }

  /** Adds a ratio of two sides that ran in turn, unless the other one was not asked for. */
  void ratio(String figure, Series ours, Series theirs, double floor, double goal) {
    if (theirs.isEmpty()) {
      return;
    }
    Series ratios = ours.by(theirs);
    report.add(Figure.higher(prefix + figure, ratios, "x", floor, goal));
    report.note("%s, a second: %s; %s; ratio %s".formatted(prefix + figure, ours, theirs, ratios));
  }

  /** Adds what everyone did in a second. */
  void rates(String shape, Series... contestants) {
    for (Series contestant : contestants) {
      report.add(new Rate(prefix + shape, contestant.name(), contestant));
    }
  }

  void progress(String what) {
    System.err.println(what);
  }

  void progress(String what, int round) {
    System.err.printf("%s%s, round %d%n", prefix, what, round + 1);
  }

  /** Ends what is left of a database. */
  void drop(Kind kind) throws SQLException {
    server.drop("bench_" + kind.name());
  }
}
