package dev.notify.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import dev.notify.benchmarks.Figure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** M4: how many connections a node holds at once, looked at every half millisecond. */
final class Connections {

  private static final int SENDERS = 16;
  private static final Duration BETWEEN_LOOKS = Duration.ofNanos(500_000);

  private final Bench bench;

  Connections(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    bench.progress("connections");
    Options options = bench.options();
    int busy =
        bench.fresh(
            Kind.OURS,
            (contestant, site) -> {
              Load load = new Load(SENDERS, options.warmup(1), options.window());
              AtomicInteger most = new AtomicInteger();
              Thread watch = watch(site.pool(), most);
              Sustaining.saturate(Kind.OURS, contestant, site, load);
              end(watch);
              return most.get();
            });
    int idle =
        bench.fresh(
            Kind.OURS,
            (contestant, site) -> {
              contestant.start(true);
              Threads.sleep(options.warmup(1));
              AtomicInteger most = new AtomicInteger();
              Thread watch = watch(site.pool(), most);
              // A heartbeat, every two seconds, has to fall into it.
              Threads.sleep(options.longWindow());
              end(watch);
              return most.get();
            });
    bench.report().add(Figure.lower("M4", busy, "", 4, 3));
    bench.report().add(Figure.lower("M4.idle", idle, "", 2, 1));
  }

  private static Thread watch(HikariDataSource pool, AtomicInteger most) {
    Thread watch =
        new Thread(
            () -> {
              while (!Thread.interrupted()) {
                most.accumulateAndGet(pool.getHikariPoolMXBean().getActiveConnections(), Math::max);
                java.util.concurrent.locks.LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
              }
            },
            "watch");
    watch.start();
    return watch;
  }

  private static void end(Thread watch) {
    watch.interrupt();
    Threads.join(watch);
  }
}
