package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says it can read, and what somebody says who only looks like one. */
class AcceptTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "*/*",
        "application/*",
        "text/html, application/json",
        "text/html;q=1, APPLICATION/JSON ; q=0.5",
        ";, */*",
        "application/json;"
      })
  void isTaken(String header) {
    assertThat(Accept.takes(header, "application/json")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/xml", "application/json;q=0", "*/*; q=0.000", "", ";", ";;;", ",", " ; , ;"})
  void isNotTaken(String header) {
    assertThat(Accept.takes(header, "application/json")).isFalse();
  }
}
