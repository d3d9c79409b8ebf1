package dev.notify.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static double growth(IntToDoubleFunction value) {
    Growth.Collector collector = new Growth.Collector(90);
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

  @Test
  void momentsWithoutAValueDoNotCount() {
    assertThat(growth(second -> second % 10 == 0 ? 50 : Double.NaN)).isZero();
    assertThat(growth(second -> Double.NaN)).isNaN();
  }
}
