package dev.notify.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HoursTest {

  private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

  private final Hours<AtomicInteger> hours = new Hours<>(AtomicInteger::new);

  private int count(Instant moment) {
    return hours.at(moment).incrementAndGet();
  }

  @Test
  void momentsOfAnHourMeetInWhateverOrderTheyCome() {
    assertThat(count(NINE)).isEqualTo(1);
    assertThat(count(NINE.minusNanos(1))).as("before it").isEqualTo(1);
    assertThat(count(NINE.plus(Duration.ofHours(1)))).as("after it").isEqualTo(1);
    assertThat(count(NINE.plus(Duration.ofHours(1)).minusNanos(1))).isEqualTo(2);
    assertThat(count(NINE.minusSeconds(3_600))).isEqualTo(2);
    assertThat(hours.size()).isEqualTo(3);
  }

  @Test
  void hoursBeforeNineteenSeventyAreHoursToo() {
    assertThat(count(Instant.parse("1969-12-31T23:59:59.5Z"))).isEqualTo(1);
    assertThat(count(Instant.EPOCH)).isEqualTo(1);
    assertThat(count(Instant.parse("1969-12-31T23:00:00Z"))).isEqualTo(2);
  }

  @Test
  void anHourThatWasRemovedBeginsAnew() {
    assertThat(count(NINE)).isEqualTo(1);
    assertThat(hours.removeOldest().getKey()).isEqualTo(NINE);

    assertThat(count(NINE)).isEqualTo(1);
  }
}
