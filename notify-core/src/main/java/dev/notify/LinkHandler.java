package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Origin;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.spi.PreferenceStore;
import dev.notify.tracking.LinkTokens;
import dev.notify.tracking.LinkTokens.Said;
import dev.notify.tracking.Machines;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the links that the dispatcher put into mails, for whatever serves HTTP in the application:
 * pixels, redirects and unsubscribing. A redirect leads only where the mail did. Unsubscribing by a
 * GET shows a page with a button, since scanners follow every link; a POST does it, by one click in
 * the mail client (RFC 8058) or by that button. {@link NotificationDispatcher#preferenceLink} leads
 * to a person's own page, in HTML or, for who accepts {@code application/json}, as JSON.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class LinkHandler {

  /** Bytes that a request may have. */
  public static final int LONGEST_BODY = 64 << 10;

  private static final byte[] NO_BODY = {};
  private static final Logger log = LoggerFactory.getLogger(LinkHandler.class);
  static final String SOURCE = "unsubscribe link in an e-mail";

  private final LinkTokens tokens;
  private final EngineParts parts;
  private final PreferenceStore preferences;
  private final Consumer<Delivery> seen;
  private final PreferenceCentre centre;

  LinkHandler(
      LinkTokens tokens, EngineParts parts, PreferenceStore preferences, Consumer<Delivery> seen) {
    this.tokens = tokens;
    this.parts = parts;
    this.preferences = preferences;
    this.seen = seen;
    centre = new PreferenceCentre(parts, preferences);
  }

  /** Handles a request without a body. */
  public LinkAnswer handle(String method, String path, Map<String, List<String>> headers) {
    return handle(method, path, headers, NO_BODY);
  }

  /**
   * Handles a request.
   *
   * @param method GET, HEAD, POST or PUT
   * @param path the path that was asked for, or the whole address
   * @param headers by their names, in any case
   * @param body what was sent; bound it while you read it, to {@link #LONGEST_BODY} and one more
   */
  public LinkAnswer handle(
      String method, String path, Map<String, List<String>> headers, byte[] body) {
    String verb = method.toUpperCase(Locale.ROOT);
    LinkAnswer answer = answer(verb, path, headers, body);
    return verb.equals("HEAD") ? answer.withoutBody() : answer;
  }

  private LinkAnswer answer(
      String verb, String path, Map<String, List<String>> headers, byte[] body) {
    int mark = path.indexOf('?');
    String plain = mark < 0 ? path : path.substring(0, mark);
    Optional<Said> said = tokens.read(plain.substring(plain.lastIndexOf('/') + 1));
    if (said.isEmpty()) {
      return notValid();
    }
    return switch (said.get().kind()) {
      case OPEN -> opened(verb, said.get(), headers);
      case CLICK -> clicked(verb, said.get(), headers);
      case UNSUBSCRIBE -> unsubscribed(verb, said.get());
      case PREFERENCES ->
          said.get().isExpired(parts.clock().instant())
              ? expired()
              : centre.answer(
                  new PreferenceCentre.Request(
                      verb,
                      said.get().text(),
                      header(headers, "Accept"),
                      header(headers, "Content-Type"),
                      body));
    };
  }

  private LinkAnswer opened(String verb, Said said, Map<String, List<String>> headers) {
    if (!isRead(verb)) {
      return notAllowed("GET, HEAD");
    }
    if (!said.isExpired(parts.clock().instant())) {
      record(said, Type.OPENED, verb, headers);
    }
    return LinkAnswer.pixel();
  }

  private LinkAnswer clicked(String verb, Said said, Map<String, List<String>> headers) {
    if (!isRead(verb)) {
      return notAllowed("GET, HEAD");
    }
    if (said.isExpired(parts.clock().instant())) {
      return expired();
    }
    Optional<String> target = said.target();
    if (target.isEmpty()) {
      return notValid();
    }
    record(said, Type.CLICKED, verb, headers);
    return LinkAnswer.redirect(target.get());
  }

  private static boolean isRead(String verb) {
    return verb.equals("GET") || verb.equals("HEAD");
  }

  private static LinkAnswer expired() {
    return LinkAnswer.page(410, page("This link has expired", ""));
  }

  private static LinkAnswer notValid() {
    return LinkAnswer.page(404, page("This link is not valid", ""));
  }

  private static LinkAnswer notAllowed(String allowed) {
    return LinkAnswer.notAllowed(page("This is not possible here", ""), allowed);
  }

  /** What happened is noted if it can be; whoever clicked gets on in any case. */
  private void record(Said said, Type type, String verb, Map<String, List<String>> headers) {
    try {
      Optional<Delivery> delivery = parts.store().find(said.delivery());
      if (delivery.isEmpty()) {
        return;
      }
      Instant now = parts.clock().instant();
      Optional<Reason> machine =
          Machines.sign(
                  verb.equals("HEAD"),
                  header(headers, "User-Agent"),
                  header(headers, "Purpose")
                      + header(headers, "X-Purpose")
                      + header(headers, "Sec-Purpose"),
                  Optional.of(Duration.between(delivery.get().updatedAt(), now)))
              .map(sign -> new Reason(Reason.MACHINE, sign));
      Optional<Delivery> after = parts.tracker().track(delivery.get(), type, now, machine);
      if (machine.isEmpty()) {
        after.ifPresent(seen);
      }
    } catch (RefusedException e) {
      log.warn("{} of delivery {} cannot be recorded now", type, said.delivery());
    }
  }

  private static String header(Map<String, List<String>> headers, String name) {
    return headers.entrySet().stream()
        .filter(field -> name.equalsIgnoreCase(String.valueOf(field.getKey())))
        .flatMap(field -> field.getValue().stream())
        .findFirst()
        .orElse("");
  }

  private LinkAnswer unsubscribed(String verb, Said said) {
    String[] words = said.text().split("\0", -1);
    if (words.length != 3) {
      return notValid();
    }
    String category = words[1];
    if (isRead(verb)) {
      return LinkAnswer.page(
          200,
          page(
              "Unsubscribe from " + category + "?",
              "<form method=\"post\"><button>Unsubscribe</button></form>"));
    }
    if (!verb.equals("POST")) {
      return notAllowed("GET, HEAD, POST");
    }
    Instant now = parts.clock().instant();
    try {
      preferences.update(
          words[0],
          new Origin(words[0], SOURCE, now),
          chosen ->
              chosen.toBuilder()
                  .category(category, Channel.of(words[2]), new Choice(false, now, SOURCE))
                  .build());
      parts
          .store()
          .find(said.delivery())
          .ifPresent(
              delivery ->
                  parts.tracker().track(delivery, Type.UNSUBSCRIBED, now, Optional.empty()));
    } catch (RefusedException e) {
      // The client comes again, or the person does.
      return LinkAnswer.page(503, page("This is not possible at the moment", ""));
    }
    return LinkAnswer.page(200, page("You are unsubscribed from " + category, ""));
  }

  private static String page(String title, String more) {
    String safe = CentrePage.escaped(title);
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\""
        + " content=\"width=device-width\"><title>"
        + safe
        + "</title><body style=\"font:1.1em sans-serif;margin:4em auto;max-width:30em\"><h1>"
        + safe
        + "</h1>"
        + more
        + "</body></html>";
  }

  @Override
  public String toString() {
    return "LinkHandler";
  }
}
