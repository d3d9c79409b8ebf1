package dev.notify.webhook;

import dev.notify.http.VendorSettings;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the builders of those that post to others have in common. Not thread-safe.
 *
 * @param <B> the vendor's own builder
 */
abstract class PostSettings<B> {

  final VendorSettings<B> settings;

  @SuppressWarnings("unchecked") // Each of them is its own B.
  PostSettings(String name) {
    settings = new VendorSettings<>(name, (B) this);
  }

  /** Sets the time to connect, from 1 millisecond to 1 hour; five seconds by default. */
  public B connectTimeout(Duration value) {
    return settings.connectTimeout(value);
  }

  /** Sets the wait for an answer, from 1 millisecond to 1 hour; fifteen seconds by default. */
  public B readTimeout(Duration value) {
    return settings.readTimeout(value);
  }

  /** Sets the name in logs. Two of one kind in one dispatcher need two names. */
  public B name(String value) {
    return settings.name(value);
  }

  /** Sets what tells the present, for tests; the system's clock by default. */
  public B clock(InstantSource value) {
    return settings.clock(value);
  }
}
