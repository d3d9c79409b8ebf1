package dev.notify.examples.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request that is answered with an error, in the form of RFC 9457. What it says is for whoever
 * called: it holds nothing personal and nothing of the server's inside.
 */
final class Problem extends RuntimeException {

  static final String CONTENT_TYPE = "application/problem+json";

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String kind;
  private final String title;
  private final transient Optional<String> field;
  private final transient Map<String, String> headers;

  private Problem(
      int status,
      String kind,
      String title,
      String detail,
      Optional<String> field,
      Map<String, String> headers) {
    super(detail, null, false, false);
    this.status = status;
    this.kind = kind;
    this.title = title;
    this.field = field;
    this.headers = Map.copyOf(headers);
  }

  private static Problem of(int status, String kind, String title, String detail) {
    return new Problem(status, kind, title, detail, Optional.empty(), Map.of());
  }

  /** A value that cannot be taken. */
  static Problem field(String field, String detail) {
    return new Problem(
        400, "invalid", "The request is not valid", detail, Optional.of(field), Map.of());
  }

  /** A body that cannot be read at all. */
  static Problem malformed(String detail) {
    return of(400, "malformed", "The request cannot be read", detail);
  }

  static Problem unauthorized(String detail) {
    return of(401, "unauthorized", "Say who you are", detail)
        .with("WWW-Authenticate", "Bearer realm=\"notify\"");
  }

  static Problem forbidden(String detail) {
    return of(403, "forbidden", "You may not do this", detail);
  }

  static Problem notFound(String what) {
    return of(404, "not-found", "There is no such thing", what);
  }

  static Problem methodNotAllowed(String allowed) {
    return of(405, "method-not-allowed", "This method is not for this address", "Allow: " + allowed)
        .with("Allow", allowed);
  }

  static Problem notAcceptable(String offered) {
    return of(406, "not-acceptable", "There is no such form of it", "there is " + offered);
  }

  static Problem conflict(String detail) {
    return of(409, "conflict", "This cannot be done as things stand", detail);
  }

  static Problem tooLarge(long most) {
    // What is left of the body is not read, so the connection is of no more use.
    return of(413, "too-large", "The request is too large", "at most " + most + " bytes are taken")
        .with("Connection", "close");
  }

  static Problem unsupportedType(String wanted) {
    return of(415, "unsupported-type", "This kind of body is not understood", "send " + wanted);
  }

  static Problem keyReused(String detail) {
    return of(422, "key-reused", "The idempotency key was used for another request", detail);
  }

  static Problem tooMany(Duration wait) {
    return of(429, "too-many-requests", "Too many requests", "come again later").retryAfter(wait);
  }

  static Problem unavailable(String detail, Duration wait) {
    return of(503, "unavailable", "Not now", detail).retryAfter(wait);
  }

  /** A fault of ours, of which the caller learns a number to ask about and no more. */
  static Problem internal(String number) {
    return of(500, "internal", "Something went wrong here", "the log has it as " + number);
  }

  /** Any other status, in the words of HTTP. */
  static Problem ofStatus(int status, String reason) {
    return of(status, "http-" + status, reason, reason);
  }

  /** The same about a field of an object that stands at a place, unless it says that already. */
  Problem within(String place) {
    return field.filter(name -> !name.startsWith(place)).isEmpty()
        ? this
        : new Problem(status, kind, title, detail(), field.map(name -> place + name), headers);
  }

  Problem with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Problem(status, kind, title, detail(), field, more);
  }

  private Problem retryAfter(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return with("Retry-After", Long.toString(seconds));
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  /** The fields of the answer. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "urn:notify:problem:" + kind);
    fields.put("title", title);
    fields.put("status", status);
    fields.put("detail", detail());
    field.ifPresent(name -> fields.put("field", name));
    return fields;
  }
}
