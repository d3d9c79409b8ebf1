package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What changes in an inbox, as it happens. */
@Timeout(60)
class InboxStreamTest {

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    server.person("jane");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<InputStream> stream(String key, String last) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("/api/v1/users/jane/inbox/stream"))
            .header("Accept", "text/event-stream")
            .header("X-API-Key", key);
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
  }

  private static BufferedReader lines(HttpResponse<InputStream> stream) {
    return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader lines, String field) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith(field + ":")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("the stream has ended");
    }
    return line.substring(field.length() + 1).strip();
  }

  private static void send(String title) {
    Reply sent =
        server.post(
            "/api/v1/notifications",
            "{\"userId\": \"jane\", \"channel\": \"inapp\", \"title\": \"" + title + "\"}");
    assertThat(sent.status()).isEqualTo(202);
  }

  @Test
  void whatIsSentComesAtOnceAndAReconnectGoesOnBehindIt() throws Exception {
    String last;
    HttpResponse<InputStream> first = stream(RunningServer.READ, "");
    try (BufferedReader lines = lines(first)) {
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(next(lines, "data")).contains("\"items\":[]");

      send("one <script>");

      last = next(lines, "id");
      String data = next(lines, "data");
      assertThat(new ObjectMapper().readTree(data).at("/items/0/title").asText())
          .isEqualTo("one <script>");
    }
    send("two");
    try (BufferedReader lines = lines(stream(RunningServer.READ, last))) {
      assertThat(next(lines, "data")).contains("two").doesNotContain("one <script>");
    }
  }

  @Test
  void aHeadIsAskedForByNobodyWithoutAKey() {
    String path = "/api/v1/users/jane/inbox/stream";

    assertThat(server.call("HEAD", path, "", "X-Nothing", "x").status()).isEqualTo(401);
    assertThat(server.call("HEAD", path, "", "X-API-Key", RunningServer.SEND).status())
        .isEqualTo(403);
    Reply reader = server.call("HEAD", path, "", "X-API-Key", RunningServer.READ);
    assertThat(reader.status()).isEqualTo(405);
    assertThat(reader.header("Allow")).isEqualTo("GET");
  }

  @Test
  void aStreamInWhichNothingHappensIsNotTakenForIdle() throws Exception {
    try (RunningServer own = RunningServer.start(Map.of("notify.server.idle-timeout", "PT0.5S"))) {
      own.person("quiet");
      HttpRequest request =
          HttpRequest.newBuilder(own.uri("/api/v1/users/quiet/inbox/stream"))
              .header("X-API-Key", RunningServer.READ)
              .build();
      HttpResponse<InputStream> stream =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
      try (BufferedReader lines = lines(stream)) {
        assertThat(next(lines, "data")).contains("\"items\":[]");
        // As long as it takes until connections that came later have been given up as idle.
        for (int i = 0; i < 2; i++) {
          try (Socket silent =
              new Socket(own.server().address().getHost(), own.server().address().getPort())) {
            assertThat(silent.getInputStream().read()).isNegative();
          }
        }

        Reply sent =
            own.post(
                "/api/v1/notifications",
                "{\"userId\": \"quiet\", \"channel\": \"inapp\", \"title\": \"Still here\"}");

        assertThat(sent.status()).isEqualTo(202);
        String data = next(lines, "data");
        while (!data.contains("Still here")) {
          data = next(lines, "data");
        }
      }
    }
  }

  @Test
  void whoMayNotReadItGetsAProblem() throws Exception {
    try (InputStream refused = stream("wrong", "").body()) {
      assertThat(new String(refused.readAllBytes(), StandardCharsets.UTF_8)).contains("401");
    }
    HttpResponse<InputStream> sender = stream(RunningServer.SEND, "");
    try (InputStream body = sender.body()) {
      assertThat(sender.statusCode()).isEqualTo(403);
      assertThat(body.readAllBytes()).isNotEmpty();
    }
  }
}
