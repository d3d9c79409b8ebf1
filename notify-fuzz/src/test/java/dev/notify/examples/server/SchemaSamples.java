package dev.notify.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.notify.fuzz.Canary;
import dev.notify.fuzz.Chance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests as openapi.json describes them, with some of the fields that may be left out. */
final class SchemaSamples {

  static final JsonNode DOCUMENT = read();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** What a text of a name is like; all others are a word. */
  private static final Map<String, List<String>> TEXTS =
      Map.ofEntries(
          Map.entry("userId", List.of("jane", "joe", "nobody")),
          Map.entry("userIds", List.of("jane", "joe", "nobody")),
          Map.entry("email", List.of(Canary.MAIL)),
          Map.entry("phone", List.of("+14155550142")),
          Map.entry("token", List.of("token:" + Canary.WORD + ":APA91bHun4MxP5")),
          Map.entry("channel", List.of("email", "sms", "push", "inapp")),
          Map.entry("channels", List.of("email", "sms", "push", "inapp")),
          Map.entry("channelOrder", List.of("email", "sms", "push", "inapp")),
          Map.entry("category", List.of("news", "receipts", "offers")),
          Map.entry("templateName", List.of("welcome", "missing")),
          Map.entry("name", List.of("welcome", "other", "first", "second")),
          Map.entry("experiment", List.of("welcome", "other")),
          Map.entry("title", List.of("News of " + Canary.WORD)),
          Map.entry("body", List.of("Body of " + Canary.WORD)),
          Map.entry("html", List.of("<p>Body of " + Canary.WORD + "</p>")),
          Map.entry("link", List.of("https://example.com/" + Canary.WORD)),
          Map.entry("locale", List.of("en", "de-DE", "pt-BR")),
          Map.entry("timeZone", List.of("Europe/Berlin", "America/New_York")),
          Map.entry("scheduledAt", List.of("2030-12-24T18:00:00Z", "2030-12-24T09:00:00")),
          Map.entry("pausedUntil", List.of("2030-12-24T18:00:00Z")),
          Map.entry("expiresIn", List.of("PT15M", "P3D")),
          Map.entry("escalateAfter", List.of("PT15M")),
          Map.entry("start", List.of("22:00")),
          Map.entry("end", List.of("07:00")),
          Map.entry("days", List.of("MONDAY", "FRIDAY")),
          Map.entry(
              "texts", List.of("Hello {{name}}", "{{#items}}{{.}}{{/items}}", "{{at | date}}")));

  /** The fields of objects that the caller names. */
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "texts",
              List.of("email.subject", "email.text", "sms.text", "de/email.text", "push.title"),
          "quietHoursOn", List.of("email", "sms"));

  private SchemaSamples() {}

  private static JsonNode read() {
    try {
      return new ObjectMapper().readTree(OperatingRoutes.OpenApi.document());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode of(Chance chance, JsonNode schema, String name) {
    if (schema.has("$ref")) {
      return of(chance, DOCUMENT.at(schema.get("$ref").asText().substring(1)), name);
    }
    if (schema.has("enum")) {
      JsonNode values = schema.get("enum");
      return values.get(chance.below(values.size()));
    }
    return switch (schema.path("type").asText()) {
      case "object" -> object(chance, schema, name);
      case "array" -> array(chance, schema, name);
      case "boolean" -> NODES.booleanNode(chance.oneIn(2));
      case "integer" -> NODES.numberNode(chance.of(0, 1, 2, 50));
      case "number" -> NODES.numberNode(chance.of(0.5, 1.0, 50.0, 0.95));
      default ->
          TextNode.valueOf(chance.of(TEXTS.getOrDefault(name, List.of("word", Canary.WORD))));
    };
  }

  private static JsonNode array(Chance chance, JsonNode schema, String name) {
    ArrayNode array = NODES.arrayNode();
    for (int i = chance.between(1, 3); i > 0; i--) {
      array.add(of(chance, schema.path("items"), name));
    }
    return array;
  }

  private static JsonNode object(Chance chance, JsonNode schema, String name) {
    ObjectNode object = NODES.objectNode();
    List<String> required = texts(schema.path("required"));
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      if (required.contains(field.getKey()) || chance.oneIn(3)) {
        object.set(field.getKey(), of(chance, field.getValue(), field.getKey()));
      }
    }
    JsonNode others = schema.path("additionalProperties");
    if (others.isObject() || others.asBoolean()) {
      List<String> names = NAMES.getOrDefault(name, List.of("name", "items", "at"));
      for (int i = chance.below(3); i > 0; i--) {
        object.set(
            chance.of(names),
            others.isObject() ? of(chance, others, name) : TextNode.valueOf(Canary.WORD));
      }
    }
    return object;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }
}
