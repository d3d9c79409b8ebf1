package dev.notify.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.benchmarks.Load;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InMemoryTest {

  private static final Load SHORT = new Load(2, Duration.ofMillis(50), Duration.ofMillis(300));

  /** It throws unless what was sent was delivered, all of it and once. */
  @ParameterizedTest
  @EnumSource
  void everyWayDeliversWhatItIsGiven(InMemory.Way way) throws Exception {
    assertThat(InMemory.rate(way, 2, SHORT)).isPositive();
  }

  @Test
  void oneWorkerIsEnough() throws Exception {
    assertThat(InMemory.rate(InMemory.Way.OURS, 1, SHORT)).isPositive();
  }
}
