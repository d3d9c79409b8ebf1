package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.AuditEntry;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.test.RecordingProvider;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void whatAnAdminReplaysIsLoggedAsTheirDoing() throws Exception {
    RecordingProvider texts = RecordingProvider.of(Channel.SMS, "texts");
    try (RunningServer own = RunningServer.start(Map.of(), List.of(texts))) {
      own.person("jane");
      texts.next(Outcome.rejected("not today"));
      Reply sent =
          own.post(
              "/api/v1/notifications",
              """
              {"userId": "jane", "channel": "sms", "body": "b"}""");
      assertThat(sent.status()).isEqualTo(202);
      Reply dead =
          own.until("/api/v1/dead-letters", reply -> !reply.json().get("deadLetters").isEmpty());
      String replay = "/dead-letters/" + dead.at("/deadLetters/0/deliveryId") + "/replay";
      String cookie = cookieOfAdmin(own);
      HttpRequest page =
          HttpRequest.newBuilder(own.uri("/console/")).header("Cookie", cookie).build();
      Matcher token =
          Pattern.compile("data-token=\"([^\"]+)\"")
              .matcher(CLIENT.send(page, BodyHandlers.ofString()).body());
      assertThat(token.find()).isTrue();

      HttpResponse<String> replayed =
          CLIENT.send(
              HttpRequest.newBuilder(own.uri("/console" + replay))
                  .header("Cookie", cookie)
                  .header("X-Console-Token", token.group(1))
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());

      assertThat(replayed.statusCode()).isEqualTo(303);
      List<AuditEntry> lines =
          own.server().dispatcher().audit().after(0, 1_000).stream()
              .filter(entry -> entry.kind().equals("deadletter.replayed"))
              .toList();
      assertThat(lines).hasSize(1);
      assertThat(lines.get(0).actor()).startsWith("key:");
      assertThat(lines.get(0).source()).isEqualTo("console");
    }
  }

  @Test
  void whatAnAdminChangesOnAPersonsPageIsLoggedAsTheirDoingAndNotThePersons() throws Exception {
    server.person("ana");
    String link = server.server().dispatcher().preferenceLink("ana").getPath();

    HttpResponse<String> saved =
        CLIENT.send(
            HttpRequest.newBuilder(
                    server.uri(
                        "/console/preferences/centre" + link.substring(link.lastIndexOf('/'))))
                .header("Cookie", cookieOfAdmin(server))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("complete=1&pause=3"))
                .build(),
            BodyHandlers.ofString());

    assertThat(saved.statusCode()).isEqualTo(200);
    List<AuditEntry> lines =
        server.server().dispatcher().audit().about("ana", 0, 1_000).stream()
            .filter(entry -> entry.kind().equals("preferences.changed"))
            .toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).actor()).startsWith("key:");
    assertThat(lines.get(0).source()).isEqualTo("console");
    assertThat(server.server().dispatcher().preferences().history("ana"))
        .allMatch(change -> change.origin().actor().startsWith("key:"))
        .hasSize(1);
  }

  @Test
  void whoLogsOutHasToLogInAgain() throws Exception {
    String cookie = cookieOfAdmin(server);
    assertThat(get("/console/", cookie).body()).contains("action=\"/console/logout\"");

    HttpResponse<String> done =
        CLIENT.send(
            HttpRequest.newBuilder(server.uri("/console/logout"))
                .header("Cookie", cookie)
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).contains("/console/login");
    assertThat(done.headers().firstValue("Set-Cookie").orElse(""))
        .contains("Expires=Thu, 01 Jan 1970");
    assertThat(get("/console/", cookie).statusCode()).isEqualTo(303);
  }

  @ParameterizedTest
  @CsvSource({"https://notify.example.com, true", "'', false"})
  void behindAProxyWithTlsTheCookieIsForTlsOnly(String publicUrl, boolean isSecure)
      throws Exception {
    try (RunningServer own =
        RunningServer.start(
            publicUrl.isEmpty() ? Map.of() : Map.of("notify.server.public-url", publicUrl))) {
      HttpResponse<String> done =
          CLIENT.send(
              HttpRequest.newBuilder(own.uri("/console/login"))
                  .POST(BodyPublishers.ofString("key=" + RunningServer.ADMIN))
                  .build(),
              BodyHandlers.ofString());

      assertThat(done.headers().firstValue("Set-Cookie").orElseThrow().contains("Secure"))
          .isEqualTo(isSecure);
    }
  }

  private static String cookieOfAdmin(RunningServer own) throws Exception {
    HttpRequest login =
        HttpRequest.newBuilder(own.uri("/console/login"))
            .POST(BodyPublishers.ofString("key=" + RunningServer.ADMIN))
            .build();
    HttpResponse<String> done = CLIENT.send(login, BodyHandlers.ofString());
    return done.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  @Test
  void stylesAreForEverybody() throws Exception {
    assertThat(get("/console/assets/console.css", "").statusCode()).isEqualTo(200);
  }
}
