package dev.notify.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of {@link dev.notify.Analytics}.
 *
 * <pre>{@code
 * FunnelQuery.between(monday, sunday).by(Dimension.CATEGORY, Dimension.CHANNEL).only(Dimension.PROVIDER, "ses")
 * }</pre>
 *
 * <p>Immutable: each call gives another query.
 *
 * @param from from which hour of acceptance; the hour it lies in is counted as a whole
 * @param until up to which hour; the one that begins then is not counted
 * @param by what has a row of its own
 * @param interval whether each hour or day has rows of its own
 * @param only values that are counted, by dimension; empty means that there is none
 * @since 0.1
 */
public record FunnelQuery(
    Instant from,
    Instant until,
    List<Dimension> by,
    Optional<Interval> interval,
    Map<Dimension, String> only) {

  /** What deliveries can be told apart by. */
  public enum Dimension {
    /** {@link Delivery#channel()}. */
    CHANNEL,
    /** Name of the category. */
    CATEGORY,
    /** Name of the template, without a version. */
    TEMPLATE,
    /** The version of the template that a delivery was accepted with. */
    VERSION,
    /** Name of the experiment. */
    EXPERIMENT,
    /** Name of the variant within its experiment. */
    VARIANT,
    /** Name of the provider that took it, or was asked last; nothing until one was. */
    PROVIDER,
    /**
     * Name of the first of the {@linkplain dev.notify.DispatcherBuilder#reportBy segments} reported
     * by that its person was in when it was accepted.
     */
    SEGMENT
  }

  /** How finely time is told apart, in UTC. */
  public enum Interval {
    /** By the hour; what is older than nine days comes by the day all the same. */
    HOUR,
    /** By the day. */
    DAY
  }

  /** Checks the time, and takes copies. */
  public FunnelQuery {
    if (!from.isBefore(until)) {
      throw new InvalidNotificationException("from", from + " must be before " + until);
    }
    by = List.copyOf(new LinkedHashSet<>(by));
    Map<Dimension, String> filters = new EnumMap<>(Dimension.class);
    filters.putAll(only);
    only = Map.copyOf(filters);
  }

  /** All deliveries that were accepted within this time, in one row. */
  public static FunnelQuery between(Instant from, Instant until) {
    return new FunnelQuery(from, until, List.of(), Optional.empty(), Map.of());
  }

  /** Also by these. */
  public FunnelQuery by(Dimension... dimensions) {
    List<Dimension> all = new ArrayList<>(by);
    all.addAll(Arrays.asList(dimensions));
    return new FunnelQuery(from, until, all, interval, only);
  }

  /** Also by the time of acceptance. */
  public FunnelQuery every(Interval each) {
    return new FunnelQuery(from, until, by, Optional.of(each), only);
  }

  /** Only of those with this value; an empty one means those that have none. */
  public FunnelQuery only(Dimension dimension, String value) {
    Map<Dimension, String> filters = new EnumMap<>(Dimension.class);
    filters.putAll(only);
    filters.put(dimension, value);
    return new FunnelQuery(from, until, by, interval, filters);
  }
}
