package dev.notify.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void wantsEverythingUnlessTold() {
    Options options = Options.parse();

    assertThat(options.rounds()).isEqualTo(5);
    assertThat(options.wants("T1")).isTrue();
  }

  @Test
  void aFigureStandsForItsParts() {
    Options options = Options.parse("--only", "T1,T6.raw", "--rounds", "2", "--quick");

    assertThat(options.wants("T1")).isTrue();
    assertThat(options.wants("T1.128")).isTrue();
    assertThat(options.wants("T6", "T6.raw")).isTrue();
    assertThat(options.wants("T6")).isFalse();
    assertThat(options.rounds()).isEqualTo(2);
    assertThat(options.quick()).isTrue();
  }

  @Test
  void whatDoesNotWaitForTheDiskIsAskedForByItself() {
    assertThat(Options.parse("--only", "T1").wants("async.T1")).isFalse();
    assertThat(Options.parse("--only", "async").wants("async.T1")).isTrue();
    assertThat(Options.parse("--only", "async").wants("T1")).isFalse();
    assertThat(Options.parse().wants("async.T1")).isTrue();
    assertThat(Options.parse().names("T1")).as("said").isFalse();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Options.parse("--fast")).hasMessage("--fast");
    assertThatThrownBy(() -> Options.parse("--rounds", "many"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
