package dev.notify.benchmarks.durable;

import dev.notify.benchmarks.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One side of a comparison, a value for each round. */
final class Series {

  private final String name;
  private final List<Double> values = new ArrayList<>();

  Series(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double last() {
    return values.get(values.size() - 1);
  }

  /** The middle one; not a number where there is none. */
  double median() {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** This one's values by the other's, round by round: what ran together is compared. */
  Series by(Series other) {
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
    double lowest = values.stream().min(Double::compare).orElseThrow();
    double highest = values.stream().max(Double::compare).orElseThrow();
    return "%s %s (spread %.0f %%)"
        .formatted(
            name,
            values.stream().map(Figure::number).collect(Collectors.joining(", ")),
            100 * (highest - lowest) / median());
  }
}
