package dev.notify.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One side of a comparison, a value for each round. */
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

  /** The middle one; not a number where there is none. */
  public double median() {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The lowest one; there has to be one. */
  public double lowest() {
    return values.stream().min(Double::compare).orElseThrow();
  }

  /** The highest one; there has to be one. */
  public double highest() {
    return values.stream().max(Double::compare).orElseThrow();
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
