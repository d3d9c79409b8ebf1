package dev.notify.analytics;

import dev.notify.model.Assignment;
import dev.notify.model.Funnel;
import dev.notify.model.Funnel.Row;
import dev.notify.model.Funnel.Times;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.FunnelQuery.Interval;
import dev.notify.model.Stage;
import dev.notify.spi.RollupStore;
import dev.notify.spi.RollupStore.Amount;
import dev.notify.spi.RollupStore.Tuple;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a funnel of what was counted.
 *
 * @since 0.1
 */
public final class Funnels {

  private static final Stage[] BY_CODE = new Stage[Stage.values().length];

  static {
    for (Stage stage : Stage.values()) {
      BY_CODE[stage.code()] = stage;
    }
  }

  private Funnels() {}

  private record Key(Optional<Instant> time, Map<Dimension, String> values) {}

  /** What is summed up for a row. */
  private static final class Sums {
    final long[] counts = new long[RollupStore.TO_DELIVERED + RollupStore.SLOTS];
    final Map<Currency, BigDecimal> cost = new HashMap<>();

    void add(int measure, long amount) {
      if (measure < counts.length) {
        counts[measure] += amount;
      } else {
        RollupStore.currency(measure)
            .ifPresent(
                currency -> cost.merge(currency, BigDecimal.valueOf(amount, 6), BigDecimal::add));
      }
    }
  }

  /** A funnel as CSV (RFC 4180), with a line for each of its rows. */
  public static String csv(Funnel funnel) {
    return FunnelCsv.of(funnel);
  }

  /** The answer to a query. */
  public static Funnel answer(FunnelQuery query, RollupStore store) {
    Map<Key, Sums> sums = new HashMap<>();
    Sums total = new Sums();
    // Many amounts have the same tuple; what it means for the query is found out once.
    Map<Tuple, Optional<Map<Dimension, String>>> known = new HashMap<>();
    for (Amount amount : store.amounts(query.from(), query.until(), query.interval().isPresent())) {
      Optional<Map<Dimension, String>> values =
          known.computeIfAbsent(amount.tuple(), tuple -> values(query, tuple));
      if (values.isPresent()) {
        Key key = new Key(query.interval().map(each -> begin(each, amount.time())), values.get());
        sums.computeIfAbsent(key, any -> new Sums()).add(amount.measure(), amount.amount());
        total.add(amount.measure(), amount.amount());
      }
    }
    List<Row> rows = new ArrayList<>(sums.size());
    sums.forEach((key, one) -> rows.add(row(key, one)));
    rows.sort(order(query));
    return new Funnel(query, rows, row(new Key(Optional.empty(), Map.of()), total));
  }

  private static Instant begin(Interval interval, Instant time) {
    return time.truncatedTo(interval == Interval.HOUR ? ChronoUnit.HOURS : ChronoUnit.DAYS);
  }

  private static Comparator<Row> order(FunnelQuery query) {
    Comparator<Row> order = Comparator.comparing(row -> row.time().orElse(Instant.MIN));
    for (Dimension dimension : query.by()) {
      order =
          dimension == Dimension.VERSION
              ? order.thenComparingInt(row -> number(row.value(dimension)))
              : order.thenComparing(row -> row.value(dimension));
    }
    return order;
  }

  private static int number(String version) {
    return version.isEmpty() ? 0 : Integer.parseInt(version);
  }

  /** What tells a tuple apart in the answer; empty if it is not wanted. */
  private static Optional<Map<Dimension, String>> values(FunnelQuery query, Tuple tuple) {
    for (Map.Entry<Dimension, String> filter : query.only().entrySet()) {
      if (!value(tuple, filter.getKey()).equals(filter.getValue())) {
        return Optional.empty();
      }
    }
    Map<Dimension, String> values = new EnumMap<>(Dimension.class);
    for (Dimension dimension : query.by()) {
      values.put(dimension, value(tuple, dimension));
    }
    return Optional.of(values);
  }

  private static String value(Tuple tuple, Dimension dimension) {
    return switch (dimension) {
      case CHANNEL -> tuple.channel().name();
      case CATEGORY -> tuple.labels().category();
      case TEMPLATE -> tuple.labels().template().orElse("");
      case VERSION -> tuple.labels().version() == 0 ? "" : "" + tuple.labels().version();
      case EXPERIMENT -> tuple.assignment().map(Assignment::experiment).orElse("");
      case VARIANT -> tuple.assignment().map(Assignment::variant).orElse("");
      case PROVIDER -> tuple.provider().orElse("");
      case SEGMENT -> tuple.labels().segment().orElse("");
    };
  }

  private static Row row(Key key, Sums sums) {
    long[] counts = sums.counts;
    Map<Stage, Long> stages = new EnumMap<>(Stage.class);
    for (int code = 0; code < BY_CODE.length; code++) {
      if (counts[code] != 0) {
        stages.put(BY_CODE[code], counts[code]);
      }
    }
    return new Row(
        key.time(),
        key.values(),
        stages,
        times(counts, RollupStore.TO_SENT),
        times(counts, RollupStore.TO_DELIVERED),
        sums.cost);
  }

  private static Times times(long[] counts, int first) {
    long count = 0;
    for (int slot = 0; slot < RollupStore.SLOTS; slot++) {
      count += counts[first + slot];
    }
    return count == 0
        ? Times.NONE
        : new Times(
            count,
            percentile(counts, first, 0.5 * count),
            percentile(counts, first, 0.9 * count),
            percentile(counts, first, 0.99 * count));
  }

  /** Within the slot in which it lies, as if its times were spread evenly. */
  private static Duration percentile(long[] counts, int first, double rank) {
    long below = 0;
    for (int slot = 0; slot < RollupStore.SLOTS; slot++) {
      long here = counts[first + slot];
      if (here > 0 && below + here >= rank) {
        Duration begin = RollupStore.end(slot - 1);
        long width = RollupStore.end(slot).minus(begin).toNanos();
        return begin.plusNanos((long) (width * (rank - below) / here));
      }
      below += here;
    }
    return RollupStore.end(RollupStore.SLOTS - 1);
  }
}
