package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest {

  private static final String ROOT = "/api/v1/notifications";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            Map.of("notify.server.max-body", "20000", "notify.server.idle-timeout", "PT0.5S"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "1",
        "\"text\"",
        "{\"userId\": \"a\",}",
        "{'userId': 'a'}",
        "{} {}",
        "{\"userId\": \"a\", \"userId\": \"b\"}",
        "{\"variables\": {\"a\": 1, \"a\": 2}}",
        "{\"userId\": NaN}",
        "\u0000",
        "<xml/>",
        "{\"userId\": \"\\uD800"
      })
  void whatIsNoJsonIsRefusedOnEveryRouteThatTakesSome(String body) {
    int tried = 0;
    for (Route route : server.server().routes()) {
      boolean takesBody =
          Contract.document()
              .get("paths")
              .get(route.path())
              .get(route.method().toLowerCase(Locale.ROOT))
              .has("requestBody");
      // A preview looks for its template first, a device for its person.
      if (takesBody && !route.path().contains("preview") && !route.path().contains("devices")) {
        String path = route.path().replaceAll("\\{[a-z]+}", "x");
        Reply reply = server.call(route.method(), path, body);

        assertThat(reply.status()).as("%s %s", route.method(), path).isEqualTo(400);
        assertThat(reply.at("/type")).isEqualTo("urn:notify:problem:malformed");
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(10);
  }

  @Test
  void whatNestsTooDeepIsRefused() {
    String body = "{\"variables\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}";

    assertThat(server.post(ROOT, body).at("/type")).isEqualTo("urn:notify:problem:malformed");
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
    Reply refused = server.post(ROOT, "{\"body\": \"" + "x".repeat(30_000) + "\"}");

    assertThat(refused.status()).isEqualTo(413);
    // Nobody waits for the ten gigabytes that it promises.
    String answer =
        raw(
            "POST "
                + ROOT
                + " HTTP/1.1\r\nHost: x\r\nX-API-Key: "
                + RunningServer.SEND
                + "\r\nContent-Type: application/json\r\nContent-Length: 10000000000\r\n\r\n{");
    assertThat(answer).startsWith("HTTP/1.1 413");
  }

  @Test
  void whatComesInPiecesIsBoundedToo() throws IOException {
    String piece = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
    String answer =
        raw(
            "POST "
                + ROOT
                + " HTTP/1.1\r\nHost: x\r\nX-API-Key: "
                + RunningServer.SEND
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + piece.repeat(4));

    assertThat(answer).startsWith("HTTP/1.1 413");
  }

  @Test
  void aClientThatStopsInTheMiddleIsLetGo() throws IOException {
    String answer =
        raw(
            "POST "
                + ROOT
                + " HTTP/1.1\r\nHost: x\r\nX-API-Key: "
                + RunningServer.SEND
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"userId\":");

    assertThat(answer).startsWith("HTTP/1.1 408").contains("application/problem+json");
  }

  @Test
  void aClientThatSaysNothingIsLetGo() throws IOException {
    assertThat(raw("")).isEmpty();
  }

  @Test
  @Timeout(60)
  void aStrangerWhoSendsSlowlyDoesNotHoldAllThreads() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (RunningServer own = RunningServer.start()) {
      for (int i = 0; i < 100; i++) {
        Socket socket =
            new Socket(own.server().address().getHost(), own.server().address().getPort());
        sockets.add(socket);
        socket
            .getOutputStream()
            .write(
                "POST /console/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nkey="
                    .getBytes(StandardCharsets.US_ASCII));
      }
      int refused = 0;
      while (refused < 84) {
        refused = 0;
        for (Socket socket : sockets) {
          refused += socket.getInputStream().available() > 0 ? 1 : 0;
        }
      }

      assertThat(own.get("/healthz").status()).isEqualTo(200);
      for (Socket socket : sockets) {
        if (socket.getInputStream().available() > 0) {
          assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
              .isEqualTo("HTTP/1.1 429");
        }
        socket.close();
      }
    }
  }

  /** What the server answers until it closes the connection, which is what ends this. */
  private static String raw(String request) throws IOException {
    try (Socket socket =
        new Socket(server.server().address().getHost(), server.server().address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..%2f..%2fetc/passwd",
        "/api/v1/users/..%2f..%2fx",
        "/api/v1/users/%2e%2e/x",
        "/%00",
        "//",
        "/api//v1/users/x",
        "/api/v1/users/x;jsessionid=1",
        "/api/v1/users/%ff",
        "/openapi.json/..",
        "/api/v1/templates/..%2fx",
        "/static/index.html",
        "/%5c..%5c",
        "/api/v1/users/x%0d%0aX-Evil:1"
      })
  void pathTricksLeadNowhere(String path) throws IOException {
    String answer =
        raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: "
                + RunningServer.ADMIN
                + "\r\n\r\n");

    assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*");
    assertThat(answer).contains("application/problem+json").doesNotContain("\r\nX-Evil");
  }

  @Test
  void aMethodThatIsNotForAnAddressIsToldWhichAre() {
    Reply refused = server.call("PATCH", ROOT, "");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).contains("POST");
    assertThat(server.call("TRACE", "/healthz", "").status()).isEqualTo(405);
    assertThat(server.get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void otherFormsAreRefused() {
    Reply text =
        server.call(
            "POST",
            ROOT,
            "userId=a",
            "X-API-Key",
            RunningServer.SEND,
            "Content-Type",
            "application/x-www-form-urlencoded");
    Reply xml =
        server.call(
            "GET", "/api/v1/templates", "", "X-API-Key", RunningServer.READ, "Accept", "text/xml");
    Reply any =
        server.call(
            "GET",
            "/api/v1/templates",
            "",
            "X-API-Key",
            RunningServer.READ,
            "Accept",
            "text/xml, application/*;q=0.1");

    assertThat(text.status()).isEqualTo(415);
    assertThat(xml.status()).isEqualTo(406);
    assertThat(any.status()).isEqualTo(200);
  }

  @Test
  void answersMakeBrowsersCarefulAndTellNothingOfTheServer() {
    for (String path : new String[] {"/healthz", "/nothing", "/api/v1/templates"}) {
      Reply reply = server.get(path);

      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("Content-Security-Policy")).startsWith("default-src 'none'");
      assertThat(reply.header("Server")).isEmpty();
      assertThat(reply.body()).doesNotContain("Exception").doesNotContain("dev.notify");
    }
  }

  @Test
  void headersThatAreTooLargeAreRefused() {
    Reply refused = server.call("GET", "/healthz", "", "X-Long", "x".repeat(40_000));

    assertThat(refused.status()).isEqualTo(431);
  }

  @Test
  void onlyTheFaultItselfIsLoggedUnderANumber() {
    Problem problem = Faults.problem(new IllegalStateException("jane@example.com"));

    assertThat(problem.status()).isEqualTo(500);
    assertThat(problem.fields().toString()).doesNotContain("jane").doesNotContain("IllegalState");
  }
}
