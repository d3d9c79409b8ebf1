package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.InvalidNotificationException;
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
 * to a person's own page, in HTML or, for who accepts {@code application/json}, as JSON. Pages
 * speak English, German, French or Spanish, as the browser's {@code Accept-Language} asks; for
 * others, and of itself, the dispatcher's default language if it is one of these. What is changed
 * here counts as the person's own doing, unless the thread works {@linkplain AuditLog#inNameOf in
 * somebody's name}. Thread-safe.
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
  private final AuditLog audit;
  private final Consumer<Delivery> seen;
  private final PreferenceCentre centre;
  private final PageTexts.All texts;

  LinkHandler(
      LinkTokens tokens,
      EngineParts parts,
      PreferenceStore preferences,
      AuditLog audit,
      Consumer<Delivery> seen) {
    this.tokens = tokens;
    this.parts = parts;
    this.preferences = preferences;
    this.audit = audit;
    this.seen = seen;
    centre = new PreferenceCentre(parts, preferences, audit);
    texts = new PageTexts.All(parts.people().defaultLocale());
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
    PageTexts its = texts.in(header(headers, "Accept-Language"));
    if (said.isEmpty()) {
      return notValid(its);
    }
    return switch (said.get().kind()) {
      case OPEN -> opened(verb, said.get(), headers, its);
      case CLICK -> clicked(verb, said.get(), headers, its);
      case UNSUBSCRIBE -> unsubscribed(verb, said.get(), its);
      case PREFERENCES ->
          said.get().isExpired(parts.clock().instant())
              ? expired(its)
              : centre.answer(
                  new PreferenceCentre.Request(
                      verb,
                      said.get().text(),
                      header(headers, "Accept"),
                      header(headers, "Content-Type"),
                      its,
                      body));
    };
  }

  private LinkAnswer opened(
      String verb, Said said, Map<String, List<String>> headers, PageTexts texts) {
    if (!isRead(verb)) {
      return notAllowed(texts, "GET, HEAD");
    }
    if (!said.isExpired(parts.clock().instant())) {
      record(said, Type.OPENED, verb, headers);
    }
    return LinkAnswer.pixel();
  }

  private LinkAnswer clicked(
      String verb, Said said, Map<String, List<String>> headers, PageTexts texts) {
    if (!isRead(verb)) {
      return notAllowed(texts, "GET, HEAD");
    }
    if (said.isExpired(parts.clock().instant())) {
      return expired(texts);
    }
    Optional<String> target = said.target();
    if (target.isEmpty()) {
      return notValid(texts);
    }
    record(said, Type.CLICKED, verb, headers);
    return LinkAnswer.redirect(target.get());
  }

  private static boolean isRead(String verb) {
    return verb.equals("GET") || verb.equals("HEAD");
  }

  private static LinkAnswer expired(PageTexts texts) {
    return LinkAnswer.page(410, page(texts, texts.get("expired"), ""));
  }

  private static LinkAnswer notValid(PageTexts texts) {
    return LinkAnswer.page(404, page(texts, texts.get("invalid"), ""));
  }

  private static LinkAnswer notAllowed(PageTexts texts, String allowed) {
    return LinkAnswer.notAllowed(page(texts, texts.get("impossible"), ""), allowed);
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

  private LinkAnswer unsubscribed(String verb, Said said, PageTexts texts) {
    String[] words = said.text().split("\0", -1);
    if (words.length != 3) {
      return notValid(texts);
    }
    String category = words[1];
    String label = label(category);
    if (isRead(verb)) {
      return LinkAnswer.page(
          200,
          page(
              texts,
              texts.get("unsubscribe.ask", label),
              "<form method=\"post\"><button>"
                  + CentrePage.escaped(texts.get("unsubscribe"))
                  + "</button></form>"));
    }
    if (!verb.equals("POST")) {
      return notAllowed(texts, "GET, HEAD, POST");
    }
    Instant now = parts.clock().instant();
    try {
      Origin origin = audit.originOnPageOf(words[0], SOURCE, now);
      preferences.update(
          words[0],
          origin,
          chosen ->
              chosen.toBuilder()
                  .category(category, Channel.of(words[2]), new Choice(false, now, origin.source()))
                  .build());
      parts
          .store()
          .find(said.delivery())
          .ifPresent(
              delivery ->
                  parts.tracker().track(delivery, Type.UNSUBSCRIBED, now, Optional.empty()));
    } catch (InvalidNotificationException e) {
      // Signed by somebody who has our key, or by us when other names were allowed.
      return notValid(texts);
    } catch (RefusedException e) {
      // The client comes again, or the person does.
      return LinkAnswer.page(503, page(texts, texts.get("later"), ""));
    }
    return LinkAnswer.page(200, page(texts, texts.get("unsubscribed", label), ""));
  }

  /** As people know it, also where it was declared once and is no longer. */
  private String label(String category) {
    return parts.categories().all().stream()
        .filter(declared -> declared.name().equals(category))
        .map(Category::label)
        .findFirst()
        .orElse(category);
  }

  private static String page(PageTexts texts, String title, String more) {
    String safe = CentrePage.escaped(title);
    return "<!doctype html><html lang=\""
        + texts.locale().toLanguageTag()
        + "\"><meta charset=\"utf-8\"><meta name=\"viewport\""
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
