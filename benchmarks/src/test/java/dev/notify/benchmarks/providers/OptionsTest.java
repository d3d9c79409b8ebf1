package dev.notify.benchmarks.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void wantsEverythingUnlessTold() {
    Options options = Options.parse();

    assertThat(options.rounds()).isEqualTo(9);
    assertThat(options.wants("smtp")).isTrue();
  }

  @Test
  void protocolsAreNamed() {
    Options options = Options.parse("--only", "http,apns", "--rounds", "2", "--quick");

    assertThat(options.wants("http")).isTrue();
    assertThat(options.wants("smtp")).isFalse();
    assertThat(options.rounds()).isEqualTo(2);
    assertThat(options.quick()).isTrue();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Options.parse("--only", "pigeon")).hasMessage("pigeon");
    assertThatThrownBy(() -> Options.parse("--sweep")).hasMessage("--sweep");
  }
}
