package dev.notify.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Where measurements take place: a database and a pool for each, made for it and gone after it.
 *
 * @param server everyone's server
 * @param options what was asked for
 * @param report where figures go
 * @param filled kinds whose database with rows that are due has been made
 */
record Bench(Server server, Options options, Report report, Set<String> filled) {

  Bench(Server server, Options options, Report report) {
    this(server, options, report, new HashSet<>());
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

  /** Adds a ratio of two sides that ran in turn. */
  void ratio(String figure, Series ours, Series theirs, double floor, double goal) {
    Series ratios = ours.by(theirs);
    report.add(Figure.higher(figure, ratios.median(), "x", floor, goal));
    report.note("%s, a second: %s; %s; ratio %s".formatted(figure, ours, theirs, ratios));
  }

  void progress(String what) {
    System.err.println(what);
  }

  void progress(String what, int round) {
    System.err.printf("%s, round %d%n", what, round + 1);
  }

  /** Ends what is left of a database. */
  void drop(Kind kind) throws SQLException {
    server.drop("bench_" + kind.name());
  }
}
