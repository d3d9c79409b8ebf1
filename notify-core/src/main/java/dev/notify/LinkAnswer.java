package dev.notify;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What to answer whoever followed a link.
 *
 * @param status the HTTP status
 * @param headers the header fields, {@code Content-Type} among them
 * @param body the bytes, none for HEAD; not a copy
 * @since 0.1
 */
public record LinkAnswer(int status, Map<String, String> headers, byte[] body) {

  private static final byte[] PIXEL =
      Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

  static LinkAnswer pixel() {
    return of(200, "image/gif", PIXEL);
  }

  static LinkAnswer redirect(String target) {
    return new LinkAnswer(
        302,
        Map.of("Location", target, "Cache-Control", "no-store", "Referrer-Policy", "no-referrer"),
        new byte[0]);
  }

  static LinkAnswer page(int status, String html) {
    return of(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  /** Says which methods are allowed, as RFC 9110 wants it in section 15.5.6. */
  static LinkAnswer notAllowed(String html, String allowed) {
    LinkAnswer page = page(405, html);
    Map<String, String> headers = new HashMap<>(page.headers());
    headers.put("Allow", allowed);
    return new LinkAnswer(page.status(), Map.copyOf(headers), page.body());
  }

  /** The answer to HEAD, which has none (RFC 9110, section 9.3.2). */
  LinkAnswer withoutBody() {
    return new LinkAnswer(status, headers, new byte[0]);
  }

  private static LinkAnswer of(int status, String type, byte[] body) {
    return new LinkAnswer(
        status,
        Map.of(
            "Content-Type",
            type,
            "Cache-Control",
            "no-store",
            "X-Robots-Tag",
            "noindex",
            "Referrer-Policy",
            "no-referrer",
            "Content-Security-Policy",
            "default-src 'none'; form-action 'self'; style-src 'unsafe-inline'"),
        body);
  }

  @Override
  public String toString() {
    return "LinkAnswer[" + status + ", " + body.length + " bytes]";
  }
}
