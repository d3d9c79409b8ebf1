package dev.notify.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * One side of a comparison, a value for each round. A value that is no number stands for a round in
 * which nothing could be measured; it counts nowhere, but keeps the others in their places.
 */
public final class Series {

  private final String name;
  private final List<Double> values = new ArrayList<>();

  public Series(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public void add(double value) {
    values.add(value);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public double last() {
    return values.get(values.size() - 1);
  }

  /** The same, each value multiplied. */
  public Series times(double factor) {
    Series product = new Series(name);
    values.forEach(value -> product.add(value * factor));
    return product;
  }

  private DoubleStream measured() {
    return values.stream().mapToDouble(value -> value).filter(value -> !Double.isNaN(value));
  }

  /** The middle one; not a number where there is none. */
  public double median() {
    double[] sorted = measured().sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The lowest one; not a number where there is none. */
  public double lowest() {
    return measured().min().orElse(Double.NaN);
  }

  /** The highest one; not a number where there is none. */
  public double highest() {
    return measured().max().orElse(Double.NaN);
  }

  /** How far they lie apart, in words; nothing where they do not. */
  public String spread() {
    return lowest() < highest() ? Figure.number(lowest()) + " to " + Figure.number(highest()) : "";
  }

  /** This one's values by the other's, round by round: what ran together is compared. */
  public Series by(Series other) {
    Series ratios = new Series(name + "/" + other.name);
    for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
      double divisor = other.values.get(i);
      ratios.add(divisor > 0 ? values.get(i) / divisor : Double.NaN);
    }
    return ratios;
  }

  /** The values and how far they lie apart. */
  @Override
  public String toString() {
    if (values.isEmpty()) {
      return name + " not measured";
    }
    return "%s %s (spread %.0f %%)"
        .formatted(
            name,
            values.stream().map(Figure::number).collect(Collectors.joining(", ")),
            100 * (highest() - lowest()) / median());
  }
}
