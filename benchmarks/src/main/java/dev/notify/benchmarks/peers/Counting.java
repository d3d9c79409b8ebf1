package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Series;
import java.sql.SQLException;

/**
 * T9 and M4: what a delivery costs, counted while we are saturated. These repeat on a machine that
 * others use, where seconds do not.
 */
final class Counting {

  private static final int SENDERS = 16;

  private final Bench bench;
  private final Options options;
  private final Series log = new Series("KB");
  private final Series commits = new Series("commits");
  private final Series roundTrips = new Series("round trips");

  Counting(Bench bench) {
    this.bench = bench;
    options = bench.options();
  }

  void measure() throws Exception {
    for (int round = 0; round < options.fewRounds(); round++) {
      bench.progress("counting", round);
      Server server = bench.server();
      Load load = new Load(SENDERS, options.warmup(round), options.longWindow());
      Load.Result result =
          bench.fresh(
              Kind.OURS,
              (contestant, site) ->
                  Sustaining.saturate(
                      Kind.OURS,
                      contestant,
                      site,
                      load,
                      server::logPosition,
                      server::writingTransactions));
      double handled = result.probed()[0];
      log.add((result.probed()[1] / handled - Payload.BYTES) / 1_024);
      commits.add(result.probed()[2] / handled);
      roundTrips.add(roundTrips(load));
    }
    Report report = bench.report();
    report.add(Figure.lower("T9", log, "KB", 1.2, 0.7));
    report.add(Figure.lower("T9.commits", commits, "", 0.1, 0.03));
    report.add(Figure.lower("T9.roundtrips", roundTrips, "", 0.2, 0.06));
    report.note("T9, a delivery at saturation: %s; %s; %s".formatted(log, commits, roundTrips));
    statements();
  }

  /** In a run of its own: counting costs time, and time is not what is asked here. */
  private double roundTrips(Load load) throws Exception {
    CountingSource counting = new CountingSource();
    Load.Result result =
        bench.fresh(
            Kind.OURS,
            new Tally(),
            counting::of,
            (contestant, site) ->
                Sustaining.saturate(Kind.OURS, contestant, site, load, counting::roundTrips));
    return (double) result.probed()[1] / result.probed()[0];
  }

  /** Which statements take the server's time, while sending and handling and while draining. */
  private void statements() throws Exception {
    if (!options.statements()) {
      return;
    }
    Load load = new Load(SENDERS, options.warmup(0), options.longWindow());
    bench.fresh(
        Kind.OURS,
        (contestant, site) -> {
          Load.Result result = Sustaining.saturate(Kind.OURS, contestant, site, load);
          note("send and handle, " + Figure.number(Sustaining.rate(result)) + "/s", site);
          return result;
        });
    bench.ready(
        Kind.OURS,
        options.rowsToDrain(),
        (contestant, site) -> {
          double rate = Draining.rate(bench, contestant, site, options.rowsToDrain());
          note("drain, " + Figure.number(rate) + "/s", site);
          return rate;
        });
  }

  private void note(String what, Bench.Site site) throws SQLException {
    bench.server().run(site.plain(), "CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    String found =
        String.join(
            "\n",
            bench
                .server()
                .texts(
                    site.plain(),
                    """
                    SELECT format('%s ms, %s calls, %s rows, %s KB log: %s',
                      round(total_exec_time), calls, rows, round(wal_bytes / 1024),
                      left(regexp_replace(query, '\\s+', ' ', 'g'), 110))
                    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                    WHERE d.datname = current_database()
                    ORDER BY total_exec_time DESC LIMIT 14"""));
    String scans =
        String.join(
            "\n",
            bench
                .server()
                .texts(
                    site.plain(),
                    """
                    SELECT format('%s: %s scans of all rows read %s, %s by index, %s dead',
                      relname, seq_scan, seq_tup_read, idx_scan, n_dead_tup)
                    FROM pg_stat_user_tables
                    WHERE relname IN ('notify_delivery', 'notify_message', 'notify_outcome')"""));
    bench.report().note("statements of " + what + ":\n" + found + "\n" + scans);
  }
}
