package dev.notify.email;

import dev.notify.http.Setting;
import dev.notify.http.VendorSettings;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the builders of all vendors that take mail over HTTP have in common. Not thread-safe.
 *
 * @param <B> the vendor's own builder
 */
abstract class MailSettings<B> {

  final VendorSettings<B> settings;

  private Optional<InternetAddress> from = Optional.empty();
  private Optional<InternetAddress> replyTo = Optional.empty();
  private Optional<String> defaultSubject = Optional.empty();

  @SuppressWarnings("unchecked") // Each of them is its own B.
  MailSettings(String name) {
    settings = new VendorSettings<>(name, (B) this);
  }

  /**
   * Sets the sender, {@code Shop <shop@example.com>} or an address alone; the vendor must know it.
   */
  public B from(String value) {
    from = Optional.of(MailAddresses.configured("from", value));
    return settings.builder();
  }

  /** Sets where answers go, if elsewhere than to the sender; a message's own option comes first. */
  public B replyTo(String value) {
    replyTo = Optional.of(MailAddresses.configured("replyTo", value));
    return settings.builder();
  }

  /** Sets the subject of mail whose content has no title; without it such content is refused. */
  public B defaultSubject(String value) {
    defaultSubject = Optional.of(Sender.subject(value));
    return settings.builder();
  }

  /**
   * Points the provider at a sandbox or at the vendor's servers in another part of the world; the
   * default address heads the builder's page.
   */
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

  Sender sender() {
    return new Sender(Setting.required("from", from), replyTo, defaultSubject);
  }

  @Override
  public String toString() {
    return "Builder[" + settings.name() + "]";
  }
}
