package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What openapi.json promises, to hold answers and requests to. */
final class Contract {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNode DOCUMENT = read();
  private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private Contract() {}

  private static JsonNode read() {
    try {
      return MAPPER.readTree(OperatingRoutes.OpenApi.document());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode document() {
    return DOCUMENT;
  }

  /** Every {@code METHOD /path} of it. */
  static TreeSet<String> operations() {
    TreeSet<String> operations = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path : DOCUMENT.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    return operations;
  }

  /** Holds an answer, and the request if it was taken, to what is written. */
  static void check(String method, String path, String body, Reply reply) {
    // People follow links: they get pages.
    boolean isPage = path.startsWith("/u/") && reply.contentType().startsWith("text/html");
    if (reply.status() >= 400 && !isPage && reply.status() != 503) {
      assertThat(reply.contentType())
          .as("%s %s: %s", method, path, reply)
          .isEqualTo(Problem.CONTENT_TYPE);
      if (method.equals("HEAD")) {
        return;
      }
      assertThat(faults("/components/schemas/Problem", reply.json())).isEmpty();
      assertThat(reply.json().get("status").asInt()).isEqualTo(reply.status());
      return;
    }
    if (method.equals("HEAD")) {
      return;
    }
    String template = template(path).orElseThrow(() -> new AssertionError(path + " is in no path"));
    String place =
        "/paths/"
            + template.replace("~", "~0").replace("/", "~1")
            + "/"
            + method.toLowerCase(Locale.ROOT);
    JsonNode response = DOCUMENT.at(place + "/responses/" + reply.status());
    assertThat(response.isMissingNode())
        .as("%s %s answered %d, which is not described", method, template, reply.status())
        .isFalse();
    if (response.path("content").has("application/json") && !path.equals("/openapi.json")) {
      assertThat(reply.contentType()).isEqualTo("application/json");
      String schema = response.at("/content/application~1json/schema/$ref").asText().substring(1);
      assertThat(faults(schema, reply.json())).as("%s %s: %s", method, path, reply).isEmpty();
    }
    JsonNode request = DOCUMENT.at(place + "/requestBody/content/application~1json/schema/$ref");
    assertThat(request.isMissingNode())
        .as("%s %s takes a body", method, path)
        .isEqualTo(
            body.isEmpty() || path.startsWith("/api/v1/webhooks/") || path.startsWith("/u/"));
    if (!request.isMissingNode()) {
      assertThat(faults(request.asText().substring(1), Reply.parse(body)))
          .as("body %s", body)
          .isEmpty();
    }
  }

  private static Optional<String> template(String path) {
    String plain = path.split("\\?", 2)[0];
    List<String> found = new ArrayList<>();
    DOCUMENT
        .get("paths")
        .fieldNames()
        .forEachRemaining(
            template -> {
              if (plain.matches(template.replaceAll("\\{[a-z]+}", "[^/]+"))) {
                found.add(template);
              }
            });
    // A path without names stands before one with them.
    return found.stream().min((a, b) -> Boolean.compare(a.contains("{"), b.contains("{")));
  }

  private static List<String> faults(String pointer, JsonNode json) {
    JsonSchema schema =
        SCHEMAS.computeIfAbsent(
            pointer,
            place -> {
              ObjectNode root = MAPPER.createObjectNode();
              root.put("$ref", "#" + place);
              root.set("components", DOCUMENT.get("components"));
              return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                  .getSchema(
                      root, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
            });
    return schema.validate(json).stream().map(Object::toString).toList();
  }
}
