package dev.notify;

/**
 * What to answer a vendor.
 *
 * @param status the HTTP status: 200 if all is recorded, 400, 403 or 413 if it never will be, 503
 *     if the vendor should come again
 * @param recorded events that were news
 * @param unknown events of messages that are not ours, or long forgotten
 * @param detail why it was refused, for the log; empty if it was not
 * @since 0.1
 */
public record WebhookAnswer(int status, int recorded, int unknown, String detail) {

  static WebhookAnswer taken(int recorded, int unknown) {
    return new WebhookAnswer(200, recorded, unknown, "");
  }

  static WebhookAnswer refused(int status, String detail) {
    return new WebhookAnswer(status, 0, 0, detail);
  }
}
