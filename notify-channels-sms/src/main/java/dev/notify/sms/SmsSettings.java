package dev.notify.sms;

import dev.notify.http.BaseUrl;
import dev.notify.http.HttpTimeouts;
import dev.notify.http.Setting;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What the builders of all vendors of text messages have in common. Not thread-safe.
 *
 * @param <B> the vendor's own builder
 */
abstract class SmsSettings<B extends SmsSettings<B>> {

  private Optional<HttpUrl> baseUrl = Optional.empty();
  private HttpTimeouts timeouts = HttpTimeouts.DEFAULT;
  private InstantSource clock = InstantSource.system();
  private String name;

  SmsSettings(String name) {
    this.name = name;
  }

  /** The vendor's own builder. */
  abstract B self();

  /** Points the provider at a sandbox; the vendor's own address by default. */
  public B baseUrl(URI value) {
    baseUrl = Optional.of(BaseUrl.of(value));
    return self();
  }

  /** Sets the time for a connection to stand; five seconds by default. */
  public B connectTimeout(Duration value) {
    timeouts = timeouts.withConnect(value);
    return self();
  }

  /** Sets the time for an answer; fifteen seconds by default. */
  public B readTimeout(Duration value) {
    timeouts = timeouts.withRead(value);
    return self();
  }

  /** Sets the name in logs, the vendor's by default. Two accounts in one dispatcher need two. */
  public B name(String value) {
    name = Setting.name(value);
    return self();
  }

  /** Sets what tells the present, for tests; the system's clock by default. */
  public B clock(InstantSource value) {
    clock = value;
    return self();
  }

  HttpUrl baseUrl(String usual) {
    return baseUrl.orElseGet(() -> HttpUrl.get(usual));
  }

  HttpTimeouts timeouts() {
    return timeouts;
  }

  InstantSource clock() {
    return clock;
  }

  String name() {
    return name;
  }
}
