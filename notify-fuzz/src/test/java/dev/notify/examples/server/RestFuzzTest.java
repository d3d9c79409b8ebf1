package dev.notify.examples.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.fuzz.Canary;
import dev.notify.fuzz.Chance;
import dev.notify.fuzz.Fuzz;
import dev.notify.fuzz.FuzzTargets;
import dev.notify.fuzz.Spoiled;
import dev.notify.fuzz.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterContainer;

/** Every route of the REST server, by requests that were right before they were spoiled. */
class RestFuzzTest extends FuzzTargets {

  private static final String KEY = "admin-key-" + Canary.WORD;

  /** For heads that are spoiled: what stands in Host by chance is logged by Jetty. */
  private static final String PLAIN_KEY = "read-key-for-tests";

  /** More than one packet, and more than is read of what was refused. */
  private static final int LONG_BODY = 16 << 10;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path FOLDER = folder();
  private static final NotifyServer SERVER = server();

  /** What may be called, with its description. */
  private record Operation(String method, String path, JsonNode description) {}

  private static final List<Operation> OPERATIONS = operations();

  private static Path folder() {
    try {
      return Files.createTempDirectory("notify-fuzz-server");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NotifyServer server() {
    Map<String, String> all = new TreeMap<>();
    all.put("notify.server.port", "0");
    all.put("notify.server.data", FOLDER.toString());
    all.put("notify.server.api-keys", KEY + ":admin," + PLAIN_KEY + ":read");
    all.put("notify.server.rate", "10000000");
    all.put("notify.server.categories", "news:optional,receipts:transactional,offers:marketing");
    all.put("notify.server.marketing.sender", "Shop");
    all.put("notify.server.marketing.address", "1 Main Street");
    all.put("notify.server.webhook.postmark.user", "postmark");
    all.put("notify.server.webhook.postmark.password", Canary.WORD);
    return NotifyServer.start(Settings.of(all));
  }

  private static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : SchemaSamples.DOCUMENT.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        boolean isEndless = path.getKey().endsWith("/stream") || path.getKey().endsWith("/socket");
        if (!isEndless) {
          operations.add(
              new Operation(
                  method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
        }
      }
    }
    return List.copyOf(operations);
  }

  @AfterContainer
  static void end() throws IOException {
    SERVER.close();
    try (Stream<Path> files = Files.walk(FOLDER)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  @Fuzz(share = 100)
  void routes(@ForAll("inputs") Chance chance) {
    Operation operation = chance.of(OPERATIONS);
    String target = path(chance, operation.path()) + query(chance, operation);
    byte[] body = body(chance, operation);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(SERVER.address() + target))
            .timeout(Duration.ofSeconds(20))
            .method(operation.method(), BodyPublishers.ofByteArray(body));
    if (!chance.oneIn(40)) {
      request.header("Authorization", "Bearer " + KEY);
    }
    if (body.length > 0) {
      request.header("Content-Type", type(chance));
    }
    optional(chance, request, "Idempotency-Key", "key-" + chance.below(50));
    optional(chance, request, "Accept", "application/json, text/*;q=0.5");
    optional(chance, request, "Accept-Language", "de-DE,de;q=0.9,*;q=0.1");
    Trial.of(
        chance,
        trial -> {
          trial.begins(body.length + target.length());
          HttpResponse<String> reply;
          try {
            reply = reply(request.build());
          } catch (IOException e) {
            // Who is refused in the middle of a long body may find the connection closed.
            trial.require(body.length > LONG_BODY, "hung up", target + " " + e);
            trial.refused();
            return;
          }
          if (reply.statusCode() >= 400) {
            trial.refused();
          }
          trial.require(
              reply.statusCode() < 500,
              operation.method() + " " + operation.path() + " " + reply.statusCode(),
              target + " " + shown(body) + "\n" + reply.body());
          boolean isProblem =
              reply.statusCode() < 400
                  || operation.path().startsWith("/u/")
                  || reply
                      .headers()
                      .firstValue("Content-Type")
                      .orElse("")
                      .equals(Problem.CONTENT_TYPE);
          trial.require(isProblem, "no problem " + operation.path(), target + " " + reply);
        });
  }

  /**
   * A connection that the server has just closed may be taken from the pool by the next request;
   * that one is asked again on a connection of its own.
   */
  private static HttpResponse<String> reply(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return CLIENT.send(request, BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8));
    }
  }

  private static String shown(byte[] body) {
    String text = new String(body, UTF_8);
    return text.length() <= 1_500 ? text : text.substring(0, 1_500);
  }

  private static String type(Chance chance) {
    String form = "application/x-www-form-urlencoded";
    return chance.oneIn(30)
        ? chance.of(
            "text/plain", form, "application/json; charset=utf-16", "application/json;", "a/b;c=\"")
        : "application/json";
  }

  private static void optional(
      Chance chance, HttpRequest.Builder request, String name, String value) {
    if (chance.oneIn(3)) {
      String given = chance.oneIn(3) ? Spoiled.text(chance, value) : value;
      request.header(name, given.replaceAll("[^\\x20-\\x7e\\xa0-\\xff]", "").strip());
    }
  }

  private static String path(Chance chance, String template) {
    StringBuilder path = new StringBuilder();
    for (String part : template.substring(1).split("/")) {
      path.append('/').append(part.startsWith("{") ? parameter(chance, part) : part);
    }
    return path.toString();
  }

  private static String parameter(Chance chance, String name) {
    String valid =
        switch (name) {
          case "{id}" -> chance.of("jane", "joe", "01900000-0000-7000-8000-000000000000");
          case "{name}" -> chance.of("welcome", "other");
          case "{version}" -> chance.of("1", "2");
          case "{provider}" -> chance.of("postmark", "twilio");
          case "{kind}" -> chance.of("o", "c", "u", "p");
          case "{delivery}" -> "01900000-0000-7000-8000-000000000000";
          default -> "x";
        };
    String given = chance.oneIn(5) ? Spoiled.text(chance, valid) : valid;
    String encoded = encoded(given.length() <= 4_000 ? given : given.substring(0, 4_000));
    return chance.oneIn(30) ? encoded(encoded) : encoded.isEmpty() ? "%20" : encoded;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static String query(Chance chance, Operation operation) {
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.description().path("parameters")) {
      String name = parameter.path("name").asText();
      if (parameter.path("in").asText().equals("query") && chance.oneIn(3)) {
        String valid =
            switch (name) {
              case "from", "until" -> chance.of("2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z");
              case "by" -> chance.of("channel", "category", "provider,channel");
              case "interval" -> chance.of("hour", "day");
              case "limit" -> "10";
              case "unread" -> "true";
              default -> SchemaSamples.of(chance, parameter.path("schema"), name).asText();
            };
        String given = chance.oneIn(4) ? Spoiled.text(chance, valid) : valid;
        String cut = given.length() <= 4_000 ? given : given.substring(0, 4_000);
        query.append(query.length() == 0 ? '?' : '&').append(name).append('=').append(encoded(cut));
      }
    }
    if (chance.oneIn(40)) {
      query
          .append(query.length() == 0 ? '?' : '&')
          .append(chance.of("x", "x=1", "limit=1&limit=2"));
    }
    return query.toString();
  }

  private static byte[] body(Chance chance, Operation operation) {
    JsonNode schema = operation.description().at("/requestBody/content/application~1json/schema");
    if (schema.isMissingNode()) {
      return chance.oneIn(20) ? Spoiled.json(chance, "{\"a\":1}") : new byte[0];
    }
    String valid = SchemaSamples.of(chance, schema, "").toString();
    byte[] body = chance.oneIn(4) ? valid.getBytes(UTF_8) : Spoiled.json(chance, valid);
    return body.length <= 1 << 20 ? body : new byte[0];
  }

  /** What no client would send: any bytes, up to the end of the head. */
  @Fuzz(share = 5)
  void heads(@ForAll("inputs") Chance chance) {
    String head =
        "GET /api/v1/dead-letters?limit=1%30 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: "
            + PLAIN_KEY
            + "\r\nAccept: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    byte[] bytes = Spoiled.bytes(chance, Spoiled.text(chance, head).getBytes(ISO_8859_1));
    // The end of the head, twice, so that the server need not wait for it; a length would be waited
    // for.
    byte[] sent = (new String(bytes, ISO_8859_1) + "\r\n\r\n").getBytes(ISO_8859_1);
    Trial.of(
        chance,
        trial -> {
          trial.begins(sent.length);
          String answer = exchanged(sent);
          if (!answer.startsWith("HTTP/1.1 200")) {
            trial.refused();
          }
          trial.require(
              answer.isEmpty() || answer.matches("(?s)HTTP/1.1 (505|[1-4][0-9][0-9]) .*"),
              "status",
              answer);
        });
  }

  private static String exchanged(byte[] sent) {
    try (Socket socket = new Socket(SERVER.address().getHost(), SERVER.address().getPort())) {
      socket.setSoTimeout(9_000);
      socket.getOutputStream().write(sent);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      // It hung up on us, as it may.
      return "";
    }
  }
}
