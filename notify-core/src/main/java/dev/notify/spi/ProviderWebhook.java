package dev.notify.spi;

import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookReport;

/**
 * Understands what one vendor tells by webhook. One class for each vendor, called after it, for
 * example {@code TwilioWebhook}. Thread-safe.
 *
 * <p>Whoever finds the address of the application's endpoint can call it. So an implementation
 * verifies who speaks before it parses what is said, compares signatures in constant time, refuses
 * what is too old where the vendor says when it was sent, and throws nothing else than {@link
 * WebhookRefusedException}, whatever comes.
 *
 * @since 0.1
 */
public interface ProviderWebhook extends AutoCloseable {

  /** The name of the provider whose messages it is about, as on the dispatcher. */
  String provider();

  /**
   * Verifies and reads a request. What it does not know is left out: vendors add events.
   *
   * @throws WebhookRefusedException if it is forged, stale or no report, or cannot be verified now
   */
  WebhookReport read(WebhookRequest request);

  /**
   * Releases connections and threads, where there are any. The dispatcher that it was given to
   * calls it when it closes; several may.
   */
  @Override
  default void close() {}
}
