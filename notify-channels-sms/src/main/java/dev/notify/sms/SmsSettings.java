package dev.notify.sms;

import dev.notify.http.VendorSettings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the builders of all vendors of text messages have in common. Not thread-safe.
 *
 * @param <B> the vendor's own builder
 */
abstract class SmsSettings<B> {

  final VendorSettings<B> settings;

  @SuppressWarnings("unchecked") // Each of them is its own B.
  SmsSettings(String name) {
    settings = new VendorSettings<>(name, (B) this);
  }

  /** Points the provider at a sandbox; the default address heads the builder's page. */
  public B baseUrl(URI value) {
    return settings.baseUrl(value);
  }

  /** Sets the time to connect, from 1 millisecond to 1 hour; five seconds by default. */
  public B connectTimeout(Duration value) {
    return settings.connectTimeout(value);
  }

  /** Sets the wait for an answer, from 1 millisecond to 1 hour; fifteen seconds by default. */
  public B readTimeout(Duration value) {
    return settings.readTimeout(value);
  }

  /** Sets the name in logs. Two accounts in one dispatcher need two names. */
  public B name(String value) {
    return settings.name(value);
  }

  /** Sets what tells the present, for tests; the system's clock by default. */
  public B clock(InstantSource value) {
    return settings.clock(value);
  }
}
