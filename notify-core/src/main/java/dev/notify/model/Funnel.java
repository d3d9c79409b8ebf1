package dev.notify.model;

import dev.notify.model.FunnelQuery.Dimension;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far deliveries came that were accepted within a time, whenever they came there: a delivery
 * that was accepted on Monday and opened on Friday is an opened one of Monday, so a rate is never
 * above one. Immutable, and holds nothing personal.
 *
 * @param query what was asked
 * @param rows ordered by time and then by the values that tell them apart; nothing is listed that
 *     did not happen
 * @param total all of them together
 * @since 0.1
 */
public record Funnel(FunnelQuery query, List<Row> rows, Row total) {

  /** Takes a copy. */
  public Funnel {
    rows = List.copyOf(rows);
  }

  /**
   * Deliveries that have something in common.
   *
   * @param time the hour or day of their acceptance, if these are told apart
   * @param values what they have in common; an empty one where they have none
   * @param counts how many came to each stage
   * @param toSent how long it took from acceptance until a provider had them
   * @param toDelivered how long it took from acceptance until they were confirmed
   * @param cost what those cost that a provider took, by currency and ordered by its code; in units
   *     of the currency. Without prices, nothing
   */
  public record Row(
      Optional<Instant> time,
      Map<Dimension, String> values,
      Map<Stage, Long> counts,
      Times toSent,
      Times toDelivered,
      Map<Currency, BigDecimal> cost) {

    /** Takes copies. */
    public Row {
      values = values.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(values));
      counts = counts.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(counts));
      Map<Currency, BigDecimal> sums =
          new TreeMap<>(Comparator.comparing(Currency::getCurrencyCode));
      cost.forEach((currency, sum) -> sums.put(currency, Cost.shown(sum, currency)));
      cost = Collections.unmodifiableMap(sums);
    }

    /** How many deliveries came to this stage. */
    public long count(Stage stage) {
      return stage == Stage.ACCEPTED
          ? Stage.PARTS_OF_ACCEPTED.stream().mapToLong(part -> counts.getOrDefault(part, 0L)).sum()
          : counts.getOrDefault(stage, 0L);
    }

    /**
     * What part of {@link Stage#whole()} came to this stage.
     *
     * @return between 0 and 1; 0 if the whole is nothing
     */
    public double rate(Stage stage) {
      long whole = count(stage.whole());
      // What was told before the provider's own answer is written is ahead of it.
      return whole == 0 ? 0 : Math.min(1, (double) count(stage) / whole);
    }

    /** A value that the deliveries have in common; empty if they have none. */
    public String value(Dimension dimension) {
      return values.getOrDefault(dimension, "");
    }
  }

  /**
   * How long something took. Kept in slots each of which is 1.41 times as long as the one before it
   * ends, so a percentile is off by a fifth at most.
   *
   * @param count of how many
   * @param p50 not more for half of them
   * @param p90 not more for nine of ten
   * @param p99 not more for 99 of 100
   */
  public record Times(long count, Duration p50, Duration p90, Duration p99) {

    /** Nothing was measured. */
    public static final Times NONE = new Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }
}
