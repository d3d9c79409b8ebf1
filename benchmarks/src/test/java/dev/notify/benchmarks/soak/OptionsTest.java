package dev.notify.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void takesTwentyMinutesUnlessTold() {
    Options options = Options.parse();

    assertThat(options.messages()).isEqualTo(600_000);
    assertThat(options.interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(options.retention()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.errors()).isEqualTo(0.05);
  }

  @Test
  void canBeShorterAndHarder() {
    Options options = Options.parse("--minutes", "2", "--rate", "1000", "--errors", "0.2");

    assertThat(options).isEqualTo(new Options(Duration.ofMinutes(2), 1_000, 0.2));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Options.parse("--hours", "2")).hasMessage("--hours");
    assertThatThrownBy(() -> Options.parse("--rate")).hasMessage("--rate");
    assertThatThrownBy(() -> Options.parse("--errors", "1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
