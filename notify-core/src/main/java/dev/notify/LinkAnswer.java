package dev.notify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

  /** A page whose only style is this one. */
  static LinkAnswer styledPage(int status, String html, String style) {
    return strict(
        status, "text/html; charset=utf-8", html, "style-src 'sha256-" + hash(style) + "'");
  }

  static LinkAnswer json(int status, String json) {
    return strict(status, "application/json", json, "sandbox");
  }

  private static LinkAnswer strict(int status, String type, String text, String rule) {
    LinkAnswer plain = of(status, type, text.getBytes(StandardCharsets.UTF_8));
    Map<String, String> headers = new HashMap<>(plain.headers());
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; " + rule);
    headers.put("X-Content-Type-Options", "nosniff");
    // What one person chose is nobody else's, and the same address answers in two forms.
    headers.put("Vary", "Accept");
    return new LinkAnswer(status, Map.copyOf(headers), plain.body());
  }

  private static String hash(String style) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
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
