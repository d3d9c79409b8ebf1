package dev.notify.inapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** As a browser's EventSource reads. */
final class SseClient implements AutoCloseable {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An event as the page gets it. */
  record Event(String id, String type, String data) {}

  private final HttpResponse<InputStream> response;
  private final List<Event> events = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();
  private volatile boolean isOver;

  private SseClient(HttpResponse<InputStream> response) {
    this.response = response;
    Thread reader = new Thread(this::read, "sse-client");
    reader.setDaemon(true);
    reader.start();
  }

  static HttpRequest.Builder request(URI uri, String user) {
    return HttpRequest.newBuilder(uri).header("X-User", user);
  }

  static HttpResponse<InputStream> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  static SseClient open(URI uri, String user, Optional<String> lastEventId) throws Exception {
    HttpRequest.Builder request = request(uri, user);
    lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
    HttpResponse<InputStream> response = send(request);
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    return new SseClient(response);
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  private void read() {
    String id = "";
    String type = "message";
    StringBuilder data = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (data.length() > 0) {
            add(new Event(id, type, data.toString()));
          }
          type = "message";
          data.setLength(0);
        } else if (line.startsWith(":")) {
          synchronized (this) {
            comments.add(line);
          }
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        }
      }
    } catch (IOException e) {
      // Closed, by one side or the other.
    } finally {
      isOver = true;
    }
  }

  private synchronized void add(Event event) {
    events.add(event);
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  synchronized int heartbeats() {
    return comments.size();
  }

  String lastId() {
    List<Event> all = events();
    return all.get(all.size() - 1).id();
  }

  boolean isOver() {
    return isOver;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
