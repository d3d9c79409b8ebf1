package dev.notify;

import dev.notify.model.AddressEvent;
import dev.notify.model.Delivery;
import dev.notify.model.ProviderEvent;
import dev.notify.model.RefusedException;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import dev.notify.tracking.Tracker;
import dev.notify.tracking.Tracker.Tracked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry for one vendor's webhooks, for whatever serves HTTP in the application: give it the
 * headers and the body, answer with the status it returns. It believes what the vendor's signature
 * covers and nothing else. Repeated and out-of-order reports change nothing. Thread-safe.
 *
 * <pre>{@code
 * WebhookHandler twilio = dispatcher.webhook(TwilioWebhook.builder().authToken(token).build());
 * server.createContext("/hooks/twilio", exchange -> {
 *   // One byte more than is taken, and not the gigabytes that a stranger may send.
 *   byte[] body = exchange.getRequestBody().readNBytes(WebhookHandler.LONGEST_BODY + 1);
 *   WebhookAnswer answer = twilio.handle(url, exchange.getRequestHeaders(), body);
 *   exchange.sendResponseHeaders(answer.status(), -1);
 *   exchange.close();
 * });
 * }</pre>
 *
 * @since 0.1
 */
public final class WebhookHandler {

  /** Bytes that a request may have: vendors stay far below. */
  public static final int LONGEST_BODY = 4 << 20;

  private static final Logger log = LoggerFactory.getLogger(WebhookHandler.class);

  /** A report can be faster than the outcome that it is about is written. */
  private static final int LOOKS_AT_WHAT_IS_ON_ITS_WAY = 40;

  private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

  private final ProviderWebhook webhook;
  private final Tracker tracker;
  private final Consumer<Delivery> seen;

  /**
   * A handler.
   *
   * @param seen told of each delivery that an event shows to have been seen
   */
  WebhookHandler(ProviderWebhook webhook, Tracker tracker, Consumer<Delivery> seen) {
    this.webhook = webhook;
    this.tracker = tracker;
    this.seen = seen;
  }

  /** Handles a request of a vendor whose signature does not cover the address. */
  public WebhookAnswer handle(Map<String, List<String>> headers, byte[] body) {
    return handle(WebhookRequest.of(headers, body));
  }

  /**
   * Handles a request.
   *
   * @param url the address the vendor called, as it is set there, with its query
   */
  public WebhookAnswer handle(String url, Map<String, List<String>> headers, byte[] body) {
    return handle(WebhookRequest.of(headers, body).at(url));
  }

  private WebhookAnswer handle(WebhookRequest request) {
    if (request.body().length > LONGEST_BODY) {
      return WebhookAnswer.refused(413, "more than " + LONGEST_BODY + " bytes");
    }
    try {
      return record(webhook.read(request));
    } catch (WebhookRefusedException e) {
      log.warn("{}: webhook refused as {}: {}", webhook.provider(), e.why(), e.getMessage());
      return WebhookAnswer.refused(status(e.why()), e.getMessage());
    } catch (RefusedException e) {
      log.warn("{}: webhook cannot be recorded now: {}", webhook.provider(), e.getMessage());
      return WebhookAnswer.refused(503, "cannot be recorded now");
    }
  }

  private static int status(WebhookRefusedException.Why why) {
    return switch (why) {
      case FORGED, STALE -> 403;
      case MALFORMED -> 400;
      case UNDECIDED -> 503;
    };
  }

  private WebhookAnswer record(WebhookReport report) {
    int recorded = 0;
    for (AddressEvent event : report.addresses()) {
      recorded += tracker.track(event) ? 1 : 0;
    }
    int unknown = 0;
    List<ProviderEvent> early = new ArrayList<>();
    for (ProviderEvent event : report.events()) {
      Tracked tracked = track(event);
      recorded += tracked.isNews() ? 1 : 0;
      if (tracked.isEarly()) {
        early.add(event);
      } else if (tracked.isUnknown()) {
        unknown++;
      }
    }
    for (int look = 0; look < LOOKS_AT_WHAT_IS_ON_ITS_WAY && !early.isEmpty(); look++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      int before = early.size();
      early.removeIf(event -> !track(event).isEarly());
      recorded += before - early.size();
    }
    return early.isEmpty()
        ? WebhookAnswer.taken(recorded, unknown)
        : WebhookAnswer.refused(503, "about messages that are just being sent");
  }

  private Tracked track(ProviderEvent event) {
    Tracked tracked = tracker.trackOnceSent(event);
    if (event.showsItWasSeen()) {
      tracked.news().ifPresent(seen);
    }
    return tracked;
  }

  @Override
  public String toString() {
    return "WebhookHandler[" + webhook.provider() + "]";
  }
}
