package dev.notify.model;

import java.util.List;

/**
 * What a vendor told in one request.
 *
 * @param events what happened to messages
 * @param addresses what was learned about addresses, apart from any message
 * @since 0.1
 */
public record WebhookReport(List<ProviderEvent> events, List<AddressEvent> addresses) {

  /** Nothing that concerns us. */
  public static final WebhookReport EMPTY = new WebhookReport(List.of(), List.of());

  /** Takes copies. */
  public WebhookReport {
    events = List.copyOf(events);
    addresses = List.copyOf(addresses);
  }

  /** A report about messages. */
  public static WebhookReport of(List<ProviderEvent> events) {
    return new WebhookReport(events, List.of());
  }

  /** A report about one address. */
  public static WebhookReport of(AddressEvent address) {
    return new WebhookReport(List.of(), List.of(address));
  }
}
