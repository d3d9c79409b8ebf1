package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Series;

/**
 * By how much something grew, as a share of what it was: the median of the last third of a run to
 * that of the middle one. The first third is left out: code is still being compiled, and tables
 * fill until as much is deleted as comes. Medians do not mind a moment that was unlike the others.
 *
 * @param middle values of the middle third
 * @param last values of the last third
 */
record Growth(Series middle, Series last) {

  /** Values at times in a run of so many seconds; those that are no number do not count. */
  static final class Collector {
    private final Series middle = new Series("middle third");
    private final Series last = new Series("last third");
    private final double length;

    Collector(double length) {
      this.length = length;
    }

    void add(double seconds, double value) {
      if (seconds >= length * 2 / 3) {
        last.add(value);
      } else if (seconds >= length / 3) {
        middle.add(value);
      }
    }

    Growth growth() {
      return new Growth(middle, last);
    }
  }

  /** Not a number where a third has no values. */
  double share() {
    return last.median() / middle.median() - 1;
  }

  @Override
  public String toString() {
    return "median of the middle third %s, of the last %s"
        .formatted(Figure.number(middle.median()), Figure.number(last.median()));
  }
}
