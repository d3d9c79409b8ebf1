package dev.notify.console;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request, taken apart.
 *
 * @param verb the method in upper case
 * @param path below the console's own, beginning with a slash
 * @param query the first value of each parameter
 * @param headers as they came
 * @param body as it came
 */
record Asked(
    String verb,
    String path,
    Map<String, String> query,
    Map<String, List<String>> headers,
    byte[] body) {

  /** Empty if it is left out or blank. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  boolean isSet(String name, String value) {
    return parameter(name).filter(value::equals).isPresent();
  }

  String header(String name) {
    return header(headers, name);
  }

  static String header(Map<String, List<String>> headers, String name) {
    return headers.entrySet().stream()
        .filter(field -> name.equalsIgnoreCase(String.valueOf(field.getKey())))
        .flatMap(field -> field.getValue().stream())
        .findFirst()
        .orElse("");
  }

  boolean isRead() {
    return verb.equals("GET") || verb.equals("HEAD");
  }

  /** The fields of a form in the body. */
  Map<String, String> form() {
    String type = header("Content-Type").toLowerCase(Locale.ROOT);
    return type.startsWith("application/x-www-form-urlencoded")
        ? fields(new String(body, StandardCharsets.UTF_8))
        : Map.of();
  }

  /** Parameters as {@code a=1&b=2}; what cannot be decoded is left out. */
  static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String part : text.split("&")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        try {
          fields.putIfAbsent(
              decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
          // Not percent-encoded as it should be: as if it were not there.
          continue;
        }
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
