package dev.notify.benchmarks.peers;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import dev.notify.benchmarks.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** L1 and L2: the time from a message's being sent to the provider's being called. */
final class Handing {

  private static final int SENDERS = 4;
  private static final int RATE_BETWEEN_NODES = 200;
  private static final double LOAD = 0.3;

  private final Bench bench;
  private final Options options;

  Handing(Bench bench) {
    this.bench = bench;
    options = bench.options();
  }

  /**
   * L1, on one node.
   *
   * @param sustained messages a second at full load; not a number if that is still to find out
   */
  void withinNode(double sustained) throws Exception {
    double full = Double.isNaN(sustained) ? saturation() : sustained;
    double rate = full * LOAD;
    Series medians = new Series("p50");
    Series tails = new Series("p99");
    for (int round = 0; round < options.fewRounds(); round++) {
      bench.progress("on one node", round);
      Latencies latencies = latencies(rate);
      double[] millis =
          bench.fresh(
              Kind.OURS,
              new Tally(latencies::handled),
              source -> source,
              (contestant, site) -> {
                contestant.start(true);
                paced(SENDERS, rate, latencies, contestant::send);
                return latencies.millis(afterWarmup(latencies));
              });
      medians.add(Latencies.percentile(millis, 0.5));
      tails.add(Latencies.percentile(millis, 0.99));
      bench
          .report()
          .note("L1 at %s/s: %s".formatted(Figure.number(rate), Latencies.summary(millis)));
    }
    bench.report().add(Figure.lower("L1", medians, "ms", 1, 0.3));
    bench.report().add(Figure.lower("L1.p99", tails, "ms", 8, 3));
  }

  private double saturation() throws Exception {
    Load load = new Load(16, options.warmup(0), options.longWindow());
    return Sustaining.rate(
        bench.fresh(
            Kind.OURS,
            (contestant, site) -> Sustaining.saturate(Kind.OURS, contestant, site, load)));
  }

  /** L2: node A commits a transaction, node B handles what was sent in it. */
  void betweenNodes() throws Exception {
    Series medians = new Series("p50");
    Series tails = new Series("p99");
    for (int round = 0; round < options.fewRounds(); round++) {
      bench.progress("between two nodes", round);
      Latencies latencies = latencies(RATE_BETWEEN_NODES);
      // What A takes up itself is no sample. It looks once an hour, so that is little.
      double[] millis =
          bench.fresh(
              Kind.OURS,
              new Tally(latencies::forget),
              source -> source,
              (contestant, site) -> betweenNodes((Ours) contestant, site, latencies));
      medians.add(Latencies.percentile(millis, 0.5));
      tails.add(Latencies.percentile(millis, 0.99));
      bench
          .report()
          .note("L2 at %d/s: %s".formatted(RATE_BETWEEN_NODES, Latencies.summary(millis)));
    }
    bench.report().add(Figure.lower("L2", medians, "ms", 15, 6));
    bench.report().add(Figure.lower("L2.p99", tails, "ms", 100, 50));
  }

  private double[] betweenNodes(Ours a, Bench.Site site, Latencies latencies) throws Exception {
    try (var poolOfB = Server.pool(site.plain());
        Ours b = new Ours(poolOfB, new Tally(latencies::handled))) {
      a.startAside();
      b.start(true);
      paced(1, RATE_BETWEEN_NODES, latencies, number -> sendInTransaction(a, site.pool(), number));
      return latencies.millis(afterWarmup(latencies));
    }
  }

  private static void sendInTransaction(Ours node, DataSource source, int number)
      throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      node.dispatcher().inTransaction(connection).send(Ours.notification(number).build());
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  private Latencies latencies(double rate) {
    double seconds = options.warmup(0).plus(options.longWindow()).toMillis() / 1e3;
    return new Latencies((int) (rate * seconds));
  }

  private int afterWarmup(Latencies latencies) {
    double whole = options.warmup(0).plus(options.longWindow()).toMillis();
    return (int) (latencies.most() * options.warmup(0).toMillis() / whole);
  }

  /** Sends at an even pace, and waits a while for the last to be handled. */
  private static void paced(int threads, double rate, Latencies latencies, Load.Operation operation)
      throws Exception {
    long begin = System.nanoTime();
    Thread[] senders = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int first = i;
      senders[i] =
          new Thread(
              () -> {
                for (int number = first; number < latencies.most(); number += threads) {
                  long at = begin + (long) (number / rate * 1e9);
                  for (long left = at - System.nanoTime();
                      left > 0;
                      left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                  }
                  send(operation, number);
                  latencies.sent(number);
                }
              });
      senders[i].start();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    Threads.sleep(Duration.ofSeconds(1));
  }

  private static void send(Load.Operation operation, int number) {
    try {
      operation.run(number);
    } catch (Exception e) {
      throw new IllegalStateException("send " + number, e);
    }
  }
}
