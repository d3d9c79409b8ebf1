package dev.notify.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void whatIsNotSaidIsAShortRunOfAllKindsOnPostgresql() {
    assertThat(Options.parse())
        .isEqualTo(new Options(1, 12, 48, EnumSet.allOf(Kind.class), false, false, 25));
  }

  @Test
  void killsAreCountedAmongTheFaults() {
    Options options = Options.parse("--kills", "5", "--faults", "7", "--kinds", "pause,slow");

    assertThat(options.kills()).isEqualTo(5);
    assertThat(options.faults()).isEqualTo(7);
    assertThat(options.kinds()).isEqualTo(Set.of(Kind.PAUSE, Kind.SLOW));
  }

  @Test
  void theCommandRepeatsTheRun() {
    Options options =
        Options.parse(
            "--seed",
            "-3",
            "--kills",
            "1",
            "--faults",
            "9",
            "--kinds",
            "lock",
            "--fast",
            "--database",
            "mariadb",
            "--rate",
            "7");

    String[] words = options.command().split(" ");

    assertThat(Options.parse(Arrays.copyOfRange(words, 2, words.length))).isEqualTo(options);
  }

  @Test
  void whatIsUnknownIsRefused() {
    for (String[] wrong :
        new String[][] {
          {"--quick"},
          {"--seed"},
          {"--kills", "-1"},
          {"--kills", "5", "--faults", "4"},
          {"--kinds", "kill"},
          {"--kinds", "earthquake"},
          {"--database", "oracle"}
        }) {
      assertThatThrownBy(() -> Options.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
