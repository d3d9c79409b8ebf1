package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When windows of digests end. */
class DigestWindowTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final Digest TWICE =
      Digest.daily("digest", LocalTime.of(9, 0), LocalTime.of(17, 30));

  @Test
  void aFixedWindowEndsAfterItsLength() {
    assertThat(Digest.fixed(Duration.ofHours(1), "digest").end(NOW, ZoneOffset.UTC))
        .isEqualTo("2026-03-02T10:00:00Z");
  }

  @Test
  void aDailyWindowEndsAtTheNextOfItsTimesAndNotAtOnce() {
    assertThat(TWICE.end(NOW, ZoneOffset.UTC)).isEqualTo("2026-03-02T17:30:00Z");
    assertThat(TWICE.end(NOW.minusSeconds(1), ZoneOffset.UTC)).isEqualTo(NOW);
    assertThat(TWICE.end(NOW.plus(Duration.ofHours(9)), ZoneOffset.UTC))
        .isEqualTo("2026-03-03T09:00:00Z");
    assertThat(TWICE.end(NOW, ZoneId.of("Asia/Tokyo"))).isEqualTo("2026-03-03T00:00:00Z");
  }

  @Test
  void aTimeThatIsLeftOutComesAsMuchLaterAndOneThatComesTwiceComesOnce() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Digest night = Digest.daily("digest", LocalTime.of(2, 30));

    assertThat(night.end(Instant.parse("2026-03-29T00:00:00Z"), berlin))
        .isEqualTo("2026-03-29T01:30:00Z");
    Instant first = night.end(Instant.parse("2026-10-25T00:00:00Z"), berlin);
    assertThat(first).isEqualTo("2026-10-25T00:30:00Z");
    assertThat(night.end(first, berlin)).isEqualTo("2026-10-26T01:30:00Z");
  }

  @Test
  void aQuietWindowEndsNoLaterThanItMust() {
    Digest sliding = Digest.sliding(Duration.ofMinutes(5), Duration.ofMinutes(12), "digest");
    Instant end = sliding.end(NOW, ZoneOffset.UTC);

    assertThat(sliding.due(NOW, end)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    assertThat(sliding.due(NOW.plus(Duration.ofMinutes(10)), end)).isEqualTo(end);
  }

  /** Moments around changes of the clocks, in every zone there is. */
  @Test
  void inEveryZoneADailyWindowEndsWithinTwoDaysAndAtItsTime() {
    Random chance = new Random(20_260_302);
    for (String id : ZoneId.getAvailableZoneIds()) {
      ZoneId zone = ZoneId.of(id);
      Instant opened = NOW;
      ZoneOffsetTransition change = zone.getRules().nextTransition(NOW);
      if (change != null) {
        opened = change.getInstant().plusSeconds(chance.nextInt(-100_000, 10_000));
      }
      LocalTime time = LocalTime.of(chance.nextInt(24), chance.nextInt(60));

      Instant end = Digest.daily("digest", time).end(opened, zone);

      ZonedDateTime local = end.atZone(zone);
      assertThat(end).as(id).isAfter(opened).isBefore(opened.plus(Duration.ofHours(50)));
      boolean isThere =
          !zone.getRules().getValidOffsets(local.toLocalDate().atTime(time)).isEmpty();
      if (isThere) {
        assertThat(local.toLocalTime()).as(id).isEqualTo(time);
      }
    }
  }
}
