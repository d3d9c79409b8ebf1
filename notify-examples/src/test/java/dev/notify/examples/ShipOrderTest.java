package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShipOrderTest {

  @Test
  void whoIsToldIsWhoseOrderWasShipped() {
    Run run = Run.of("transaction");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "order 1017: shipped and told",
            "order 1018: not in stock after all: neither shipped nor told",
            "shipped: 1",
            "told: 1");
  }
}
