package dev.notify.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void whatIsNotSaidIsAsTheIssueAsksFor() {
    assertThat(Options.parse()).isEqualTo(new Options(false, false, 1_000, 30));
    assertThat(Options.parse("--postgres", "--rate", "500", "--seconds", "5"))
        .isEqualTo(new Options(true, false, 500, 5));
  }

  @Test
  void whatIsUnknownIsRefused() {
    for (String[] wrong :
        new String[][] {{"--fast"}, {"--rate"}, {"--rate", "0"}, {"--seconds", "x"}}) {
      assertThatThrownBy(() -> Options.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
