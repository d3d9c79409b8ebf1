package dev.notify.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;

/** What the server answered. */
record Reply(int status, HttpHeaders headers, String body) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  JsonNode json() {
    return parse(body);
  }

  /** A text of the answer, by its JSON pointer. */
  String at(String pointer) {
    return json().at(pointer).asText();
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String contentType() {
    return header("Content-Type");
  }
}
