package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console is for admins. */
class ConsoleLoginTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String path, String cookie) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> login(String key) throws Exception {
    return posted("key=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> posted(String form) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.uri("/console/login"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/console", "/console/", "/console/search", "/console/sandbox?x=1"})
  void whoHasNotLoggedInIsAskedTo(String path) throws Exception {
    HttpResponse<String> answer = get(path, "notify-console=guessed");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/console/login");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void anAdminsKeyOpensIt() throws Exception {
    assertThat(get("/console/login", "").body()).contains("type=\"password\"");

    HttpResponse<String> done = login(RunningServer.ADMIN);

    assertThat(done.statusCode()).isEqualTo(303);
    String cookie = done.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/console");
    HttpResponse<String> page = get("/console/", cookie.split(";", 2)[0]);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<title>");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("script-src 'self'");
  }

  @ParameterizedTest
  @ValueSource(strings = {RunningServer.SEND, RunningServer.READ, "guessed", ""})
  void anyOtherKeyDoesNot(String key) throws Exception {
    HttpResponse<String> refused = login(key);

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key", "key=%zz", "key=%", "yek=x", "{}"})
  void whatIsNoFormIsNoKey(String form) throws Exception {
    assertThat(posted(form).statusCode()).isEqualTo(401);
  }

  @Test
  void stylesAreForEverybody() throws Exception {
    assertThat(get("/console/assets/console.css", "").statusCode()).isEqualTo(200);
  }
}
