package dev.notify.email;

import dev.notify.http.Setting;
import java.time.InstantSource;

/**
 * What the builders of all webhooks of mail vendors have in common. Not thread-safe.
 *
 * @param <B> the webhook's own builder
 */
abstract class MailWebhookSettings<B> {

  String provider;
  InstantSource clock = InstantSource.system();

  MailWebhookSettings(String provider) {
    this.provider = provider;
  }

  /** Sets the provider's name on the dispatcher; the vendor's name in lower case by default. */
  public B provider(String value) {
    provider = Setting.name(value);
    return self();
  }

  /** Sets what tells the present, for tests; the system's clock by default. */
  public B clock(InstantSource value) {
    clock = value;
    return self();
  }

  @SuppressWarnings("unchecked") // Each of them is its own B.
  private B self() {
    return (B) this;
  }
}
