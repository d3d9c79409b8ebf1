package dev.notify.spi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as a vendor made it, byte for byte: signatures are over bytes. Immutable, but for the
 * body, which nobody may write to. {@code toString} shows sizes only.
 *
 * @since 0.1
 */
public final class WebhookRequest {

  private final Optional<String> url;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  private WebhookRequest(Optional<String> url, Map<String, List<String>> headers, byte[] body) {
    this.url = url;
    this.headers = headers;
    this.body = body;
  }

  /**
   * A request.
   *
   * @param headers by their names, in any case
   * @param body the bytes as they came
   */
  public static WebhookRequest of(Map<String, List<String>> headers, byte[] body) {
    Map<String, List<String>> lower = new LinkedHashMap<>();
    headers.forEach(
        (name, values) -> {
          // The JDK's own server and client have a status line under no name.
          if (name != null) {
            lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values));
          }
        });
    return new WebhookRequest(Optional.empty(), Map.copyOf(lower), body);
  }

  /** The same with the address the vendor called, as it knows it: before any proxy rewrote it. */
  public WebhookRequest at(String calledUrl) {
    return new WebhookRequest(Optional.of(calledUrl), headers, body);
  }

  /** The address that was called, where the application told it. */
  public Optional<String> url() {
    return url;
  }

  /** A header's first value. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /** The bytes as they came; not a copy. */
  public byte[] body() {
    return body;
  }

  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * The fields of a form, in their order; of a name that comes twice the first value.
   *
   * @throws IllegalArgumentException if an escape is cut off
   */
  public Map<String, String> form() {
    return fields(text());
  }

  /** The fields of the address's query, in their order. */
  public Map<String, String> query() {
    String address = url.orElse("");
    int mark = address.indexOf('?');
    return mark < 0 ? Map.of() : fields(address.substring(mark + 1));
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        fields.putIfAbsent(decoded(name), decoded(value));
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "WebhookRequest[" + headers.size() + " headers, " + body.length + " bytes]";
  }
}
