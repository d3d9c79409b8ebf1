package dev.notify.email;

import dev.notify.test.SampleMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands until it is moved. */
final class MovableClock implements InstantSource {

  private final AtomicReference<Instant> now = new AtomicReference<>(SampleMessages.CREATED_AT);

  @Override
  public Instant instant() {
    return now.get();
  }

  void move(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }
}
