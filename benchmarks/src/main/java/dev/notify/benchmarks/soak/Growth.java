package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.Figure;
import dev.notify.benchmarks.Series;
import java.util.Locale;

/**
 * By how much something grew, as a share of what it was: the last third of a run to the middle one.
 * The first third is left out: code is still being compiled, and tables fill until as much is
 * deleted as comes.
 *
 * @param middle values of the middle third
 * @param last values of the last third
 * @param of what of a third's values counts
 */
record Growth(Series middle, Series last, Of of) {

  /** What stands for the values of a third. */
  enum Of {
    /** It does not mind a moment that was unlike the others. */
    MEDIAN {
      @Override
      double in(Series third) {
        return third.median();
      }
    },
    /** For what goes up and down by itself, and needs room for when it is up. */
    HIGHEST {
      @Override
      double in(Series third) {
        return third.highest();
      }
    };

    abstract double in(Series third);
  }

  /** Values at times in a run of so many seconds; those that are no number do not count. */
  static final class Collector {
    private final Series middle = new Series("middle third");
    private final Series last = new Series("last third");
    private final double length;
    private final Of of;

    Collector(double length, Of of) {
      this.length = length;
      this.of = of;
    }

    void add(double seconds, double value) {
      if (seconds >= length * 2 / 3) {
        last.add(value);
      } else if (seconds >= length / 3) {
        middle.add(value);
      }
    }

    Growth growth() {
      return new Growth(middle, last, of);
    }
  }

  /** Not a number where a third has no values. */
  double share() {
    return of.in(last) / of.in(middle) - 1;
  }

  @Override
  public String toString() {
    return "%s of the middle third %s, of the last %s"
        .formatted(
            of.name().toLowerCase(Locale.ROOT),
            Figure.number(of.in(middle)),
            Figure.number(of.in(last)));
  }
}
