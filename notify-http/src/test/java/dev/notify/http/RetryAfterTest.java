package dev.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "7, PT7S",
    "' 120 ', PT2M",
    "086400, P1D",
    "86401, P1D",
    "999999999, P1D",
    "99999999999999999999999999, P1D"
  })
  void secondsAreTakenUpToADay(String header, Duration expected) {
    assertThat(RetryAfter.parse(header, NOW)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Fri, 02 Jan 2026 03:04:35 GMT | PT30S",
        "Fri, 02 Jan 2026 03:04:05 GMT | PT0S",
        "Fri, 02 Jan 2026 03:00:00 GMT | PT0S",
        "Sat, 02 Jan 2027 03:04:05 GMT | P1D"
      })
  void aDateIsTakenFromNowOn(String header, Duration expected) {
    assertThat(RetryAfter.parse(header, NOW)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "-5", "1.5", "Mon, 02 Jan 2026 03:04:35 GMT", "2026-01-02T03:04:35Z"})
  void whatMakesNoSenseIsLeftOut(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isEmpty();
  }

  @Test
  void noHeaderIsNoTime() {
    assertThat(RetryAfter.parse(null, NOW)).isEmpty();
  }
}
