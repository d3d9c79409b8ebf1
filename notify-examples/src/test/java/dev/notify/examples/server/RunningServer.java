package dev.notify.examples.server;

import dev.notify.console.Sandbox;
import dev.notify.examples.server.NotifyServer.StandIns;
import dev.notify.spi.ChannelProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A server on a free port with a database of its own, and a client that holds it to its word. */
final class RunningServer implements AutoCloseable {

  static final String ADMIN = "admin-key-for-tests";
  static final String SEND = "send-key-for-tests";
  static final String READ = "read-key-for-tests";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final NotifyServer server;
  private final Path folder;

  private RunningServer(NotifyServer server, Path folder) {
    this.server = server;
    this.folder = folder;
  }

  static RunningServer start() {
    return start(Map.of());
  }

  static RunningServer start(Map<String, String> more) {
    return start(more, StandIns.usual());
  }

  static RunningServer start(Map<String, String> more, List<ChannelProvider> vendors) {
    return start(more, new StandIns(Sandbox.create(), vendors, InstantSource.system()));
  }

  static RunningServer start(Map<String, String> more, StandIns standIns) {
    try {
      Path folder = Files.createTempDirectory("notify-server");
      return new RunningServer(NotifyServer.start(settings(more, folder), standIns), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Settings settings(Map<String, String> more, Path folder) {
    Map<String, String> all = new HashMap<>();
    all.put("notify.server.port", "0");
    all.put("notify.server.data", folder.toString());
    all.put("notify.server.api-keys", ADMIN + ":admin," + SEND + ":send," + READ + ":read");
    all.putAll(more);
    return Settings.of(all);
  }

  NotifyServer server() {
    return server;
  }

  URI uri(String path) {
    return URI.create(server.address() + path);
  }

  Reply get(String path) {
    return call("GET", path, "");
  }

  Reply post(String path, String body) {
    return call("POST", path, body);
  }

  Reply put(String path, String body) {
    return call("PUT", path, body);
  }

  Reply delete(String path) {
    return call("DELETE", path, "");
  }

  /** As the admin. */
  Reply call(String method, String path, String body) {
    return call(method, path, body, "Authorization", "Bearer " + ADMIN);
  }

  /** With these headers. */
  Reply call(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(PATIENCE);
    Map<String, String> all = new HashMap<>();
    if (!body.isEmpty()) {
      all.put("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    all.forEach(request::header);
    Reply reply = reply(request.build());
    Contract.check(method, path, body, reply);
    return reply;
  }

  private static Reply reply(HttpRequest request) {
    try {
      HttpResponse<String> response =
          CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks again until the answer is as it should become. */
  Reply until(String path, Predicate<Reply> ready) {
    return until(path, ADMIN, ready);
  }

  /** The same with a key. */
  Reply until(String path, String key, Predicate<Reply> ready) {
    Instant end = Instant.now().plus(PATIENCE);
    Reply reply = call("GET", path, "", "X-API-Key", key);
    while (!ready.test(reply)) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("still: " + reply.body());
      }
      Thread.onSpinWait();
      reply = call("GET", path, "", "X-API-Key", key);
    }
    return reply;
  }

  /** A person with an e-mail address, a phone and an inbox. */
  void person(String id) {
    Reply reply =
        put(
            "/api/v1/users/" + id,
            """
            {"email": "%s@example.com", "phone": "+14155550142", "locale": "en", "timeZone": "Europe/Berlin"}
            """
                .formatted(id));
    if (reply.status() > 201) {
      throw new AssertionError(reply.body());
    }
  }

  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
