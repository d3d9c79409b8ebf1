package dev.notify.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesTest {

  private static Series of(String name, double... values) {
    Series series = new Series(name);
    for (double value : values) {
      series.add(value);
    }
    return series;
  }

  @Test
  void takesTheMiddleOrTheMeanOfTheMiddleTwo() {
    assertThat(of("a", 9, 1, 5).median()).isEqualTo(5);
    assertThat(of("a", 9, 1, 5, 7).median()).isEqualTo(6);
    assertThat(of("a").median()).isNaN();
  }

  @Test
  void comparesRoundByRound() {
    Series ratios = of("a", 10, 20, 60).by(of("b", 10, 10, 20));

    assertThat(ratios.median()).isEqualTo(2);
    assertThat(ratios).hasToString("a/b 1, 2, 3 (spread 100 %)");
  }

  @Test
  void aRoundThatFailedKeepsItsPlaceAndCountsNowhere() {
    Series ratios = of("a", 10, 20, 60).by(of("b", 10, Double.NaN, 20));

    assertThat(ratios.median()).isEqualTo(2);
    assertThat(ratios.lowest()).isEqualTo(1);
    assertThat(ratios.highest()).isEqualTo(3);
    assertThat(of("a", Double.NaN).median()).isNaN();
    assertThat(of("a", Double.NaN).spread()).isEmpty();
  }

  @Test
  void nothingIsNoDivisor() {
    assertThat(of("a", 10).by(of("b", 0)).median()).isNaN();
  }
}
