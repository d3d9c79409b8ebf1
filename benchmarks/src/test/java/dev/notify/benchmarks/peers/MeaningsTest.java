package dev.notify.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MeaningsTest {

  @Test
  void everyComparisonHasWords() {
    assertThat(
            Stream.of(Sending.FIGURES, Draining.FIGURES, Sustaining.FIGURES, InMemory.FIGURES)
                .flatMap(Stream::of))
        .allSatisfy(figure -> assertThat(Meanings.of(figure)).isNotEmpty());
  }

  @Test
  void theSecondTableHasTheWordsOfTheFirst() {
    assertThat(Meanings.of("async.T7")).isEqualTo(Meanings.of("T7"));
  }

  @Test
  void whatNobodyExplainsIsRefused() {
    assertThatThrownBy(() -> Meanings.of("T99")).hasMessageContaining("T99");
  }
}
