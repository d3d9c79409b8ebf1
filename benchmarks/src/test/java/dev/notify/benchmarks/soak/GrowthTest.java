package dev.notify.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.notify.benchmarks.soak.Growth.Of;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static double growth(IntToDoubleFunction value) {
    return growth(Of.MEDIAN, value);
  }

  private static double growth(Of of, IntToDoubleFunction value) {
    Growth.Collector collector = new Growth.Collector(90, of);
    for (int second = 0; second <= 90; second++) {
      collector.add(second, value.applyAsDouble(second));
    }
    return collector.growth().share();
  }

  @Test
  void whatStaysAsItIsDoesNotGrow() {
    assertThat(growth(second -> 50)).isZero();
  }

  @Test
  void aSlowLeakIsSeen() {
    assertThat(growth(second -> 100 + second)).isCloseTo(30 / 145.0, within(0.01));
  }

  @Test
  void theBeginningDoesNotCount() {
    assertThat(growth(second -> second < 30 ? 1_000 : 50)).isZero();
  }

  @Test
  void oneBadMomentIsNoGrowth() {
    assertThat(growth(second -> second == 80 ? 1_000 : 50)).isZero();
  }

  /** Up and down in 20 seconds, which do not go into the 30 of a third. */
  @Test
  void ofWhatGoesUpAndDownThePeaksAreCompared() {
    assertThat(growth(Of.HIGHEST, second -> 50 + second % 20)).isZero();
    assertThat(growth(Of.HIGHEST, second -> 50 + second % 20 + second / 2)).isPositive();
  }

  @Test
  void momentsWithoutAValueDoNotCount() {
    assertThat(growth(second -> second % 10 == 0 ? 50 : Double.NaN)).isZero();
    assertThat(growth(second -> Double.NaN)).isNaN();
  }
}
