package dev.notify.benchmarks.peers;

import dev.notify.NotificationDispatcher;
import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Load;
import dev.notify.benchmarks.Series;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.Stage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What analytics cost, beside a store that leaves the writing of counters out, and how long a month
 * of 10,000,000 deliveries takes to answer.
 */
final class Analysing {

  static final String MONTH = "analytics.month.ms";
  static final String COST = "analytics.cost.ratio";

  private static final int SENDERS = 16;
  private static final int QUERIES = 21;

  /** Everything but the counters. */
  private static final Kind WITHOUT =
      new Kind(
          "notify_without",
          Kind.OURS.rewritesBatches(),
          Kind.OURS.backlog(),
          (source, tally) -> new Ours(withoutCounters(source), tally));

  /**
   * 200 combinations of channel, category, template, version, variant and provider, all of them in
   * use in every hour, with six stages and eight slots of time each: 29 days that are merged, and
   * three by the hour. Of 10,000,000 deliveries each combination has 50,000.
   */
  private static final String TUPLES =
      """
      INSERT INTO notify_tuple (id, channel, category, template, template_version, experiment,
        variant, provider, last_bucket)
      SELECT md5('tuple' || n)::uuid, (ARRAY['email', 'sms', 'push', 'inapp'])[1 + n % 4],
        'category' || n % 10, 'template' || n % 25, 1 + n % 2,
        CASE WHEN n % 5 = 0 THEN 'experiment' END, CASE WHEN n % 5 = 0 THEN 'v' || n % 3 END,
        'provider' || n % 8, now()
      FROM generate_series(1, 200) n""";

  private static final String ROWS =
      """
      INSERT INTO notify_rollup (grain, bucket, tuple_id, measure, shard, amount)
      SELECT %d, bucket, md5('tuple' || n)::uuid, measure, 0, %s
      FROM generate_series(1, 200) n,
        unnest(ARRAY[1, 2, 3, 4, 6, 11, 116, 118, 119, 120, 218, 220, 221, 222]) measure,
        generate_series(timestamptz '%s', timestamptz '%s', interval '%s') bucket""";

  private final Bench bench;

  Analysing(Bench bench) {
    this.bench = bench;
  }

  void measure() throws Exception {
    if (bench.options().wants(COST)) {
      cost();
    }
    if (bench.options().wants(MONTH)) {
      month();
    }
  }

  private void cost() throws Exception {
    Series with = new Series("notify");
    Series without = new Series("without counters");
    for (int round = 0; round < bench.options().rounds(); round++) {
      bench.progress("cost of analytics", round);
      // Neither is always the first: the machine may slow down within a round.
      boolean first = round % 2 == 0;
      double one = rate(first ? Kind.OURS : WITHOUT, round);
      double other = rate(first ? WITHOUT : Kind.OURS, round);
      with.add(first ? one : other);
      without.add(first ? other : one);
    }
    bench.ratio(COST, with, without, 0.95, 1);
    bench.drop(WITHOUT);
  }

  private double rate(Kind kind, int round) throws Exception {
    Options options = bench.options();
    Load load = new Load(SENDERS, options.warmup(round), options.longWindow());
    return bench.fresh(
        kind,
        (contestant, site) -> Sustaining.rate(Sustaining.saturate(kind, contestant, site, load)));
  }

  private void month() throws Exception {
    bench.progress("a month of 10,000,000 deliveries");
    Server server = bench.server();
    server.create("bench_month");
    DataSource source = server.source("bench_month", false);
    JdbcSchema.migrate(source);
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    Instant from = today.minus(Duration.ofDays(31));
    Instant hours = today.minus(Duration.ofDays(2));
    server.run(source, TUPLES);
    server.run(source, ROWS.formatted(24, "1562", from, hours.minus(Duration.ofDays(1)), "1 day"));
    server.run(source, ROWS.formatted(1, "65", hours, today.plus(Duration.ofHours(23)), "1 hour"));
    server.settle(source);
    Series millis = new Series("answer");
    try (var pool = Server.pool(source);
        NotificationDispatcher dispatcher =
            NotificationDispatcher.builder()
                .store(JdbcStore.of(pool))
                .provider(new TallyingProvider(new Tally()))
                .build()) {
      FunnelQuery query =
          FunnelQuery.between(from, today.plus(Duration.ofDays(1)))
              .by(Dimension.CHANNEL, Dimension.CATEGORY, Dimension.TEMPLATE, Dimension.PROVIDER);
      for (int i = 0; i < QUERIES; i++) {
        long began = System.nanoTime();
        Funnel funnel = dispatcher.analytics().funnel(query);
        millis.add((System.nanoTime() - began) / 1e6);
        long sent = funnel.total().count(Stage.SENT);
        if (sent < 9_500_000 || funnel.rows().isEmpty()) {
          throw new IllegalStateException("sent: " + sent);
        }
      }
    }
    long rows = server.number(source, "SELECT count(*) FROM notify_rollup");
    bench.report().add(Figure.lower(MONTH, millis, "ms", 200, 100));
    bench.report().note("%s: %s ms; %d counters".formatted(MONTH, millis, rows));
    server.drop("bench_month");
  }

  /** Statements that write counters have no effect here, and go nowhere. */
  private static DataSource withoutCounters(DataSource source) {
    return proxy(
        DataSource.class,
        source,
        (method, answer) -> answer instanceof Connection one ? withoutCounters(one) : answer);
  }

  private static Connection withoutCounters(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            Analysing.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) ->
                method.getName().equals("prepareStatement")
                        && ((String) arguments[0]).contains("notify_rollup")
                    ? nothing(connection)
                    : invoke(connection, method, arguments));
  }

  private static PreparedStatement nothing(Connection connection) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            Analysing.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "getConnection" -> connection;
                  case "executeUpdate" -> 1;
                  default -> null;
                });
  }

  private interface After {
    @Nullable Object answer(java.lang.reflect.Method method, @Nullable Object answer);
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            Analysing.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> after.answer(method, invoke(target, method, arguments))));
  }

  private static @Nullable Object invoke(
      Object on, java.lang.reflect.Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
