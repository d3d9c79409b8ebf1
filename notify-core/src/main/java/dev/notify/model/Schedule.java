package dev.notify.model;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * When a notification is due.
 *
 * @since 0.1
 */
public sealed interface Schedule {

  /** At once. */
  Schedule NOW = new Now();

  /** The moment for a recipient in this zone, asked at {@code now}. */
  Instant due(Instant now, ZoneId zone);

  /** At once. */
  record Now() implements Schedule {
    @Override
    public Instant due(Instant now, ZoneId zone) {
      return now;
    }
  }

  /**
   * At a moment, the same for everyone. A moment that has passed means at once.
   *
   * @param instant the moment
   */
  record At(Instant instant) implements Schedule {
    /** Checks that there is a moment. */
    public At {
      Text.present("schedule", instant);
    }

    @Override
    public Instant due(Instant now, ZoneId zone) {
      return instant.isBefore(now) ? now : instant;
    }
  }

  /**
   * At a local time in each recipient's own zone. One that has passed there means at once. A time
   * that a clock change skips moves forward by the gap; one that occurs twice means the first.
   *
   * @param time the wall-clock time
   */
  record AtLocal(LocalDateTime time) implements Schedule {
    /** Checks that there is a time. */
    public AtLocal {
      Text.present("schedule", time);
    }

    @Override
    public Instant due(Instant now, ZoneId zone) {
      Instant instant = time.atZone(zone).toInstant();
      return instant.isBefore(now) ? now : instant;
    }
  }
}
