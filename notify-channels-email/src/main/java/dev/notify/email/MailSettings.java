package dev.notify.email;

import dev.notify.http.BaseUrl;
import dev.notify.http.HttpTimeouts;
import dev.notify.http.Setting;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What the builders of all vendors that take mail over HTTP have in common. Not thread-safe.
 *
 * @param <B> the vendor's own builder
 */
abstract class MailSettings<B extends MailSettings<B>> {

  private Optional<InternetAddress> from = Optional.empty();
  private Optional<InternetAddress> replyTo = Optional.empty();
  private Optional<String> defaultSubject = Optional.empty();
  private Optional<HttpUrl> baseUrl = Optional.empty();
  private HttpTimeouts timeouts = HttpTimeouts.DEFAULT;
  private InstantSource clock = InstantSource.system();
  private String name;

  MailSettings(String name) {
    this.name = name;
  }

  /** The vendor's own builder. */
  abstract B self();

  /**
   * Sets the sender, {@code Shop <shop@example.com>} or an address alone; the vendor must know it.
   */
  public B from(String value) {
    from = Optional.of(MailAddresses.configured("from", value));
    return self();
  }

  /** Sets where answers go, if elsewhere than to the sender; a message's own option comes first. */
  public B replyTo(String value) {
    replyTo = Optional.of(MailAddresses.configured("replyTo", value));
    return self();
  }

  /** Sets the subject of mail whose content has no title; without it such content is refused. */
  public B defaultSubject(String value) {
    defaultSubject = Optional.of(Sender.subject(value));
    return self();
  }

  /** Points the provider at a sandbox or at the vendor's servers in another part of the world. */
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

  String name() {
    return name;
  }

  Sender sender() {
    return new Sender(Setting.required("from", from), replyTo, defaultSubject);
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

  @Override
  public String toString() {
    return "Builder[" + name + "]";
  }
}
