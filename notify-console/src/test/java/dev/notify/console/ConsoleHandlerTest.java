package dev.notify.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.model.Attachment;
import dev.notify.model.AuditEntry;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console answers, without a browser. */
class ConsoleHandlerTest {

  private static final Map<String, String> HERE = Map.of("Host", "localhost:8080");
  private static final byte[] NOTHING = {};

  private final Bench bench = new Bench();
  private final ConsoleHandler handler =
      ConsoleHandler.builder(bench.dispatcher)
          .sandbox(bench.sandbox)
          .host("Console.example")
          .build();

  @AfterEach
  void close() {
    handler.close();
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/sandbox",
        "/search",
        "/dead-letters",
        "/templates",
        "/experiments",
        "/preferences"
      })
  void everyPageForbidsWhatItDoesNotNeed(String page) {
    ConsoleAnswer answer = get("/console" + page);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self';"
                + " frame-ancestors 'none'")
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry("Cache-Control", "no-store");
    assertThat(text(answer)).doesNotContainPattern("<script[^>]*>[^<]").doesNotContain(" style=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""})
  void aForeignHostIsRefused(String host) {
    ConsoleAnswer answer = handle("GET", "/console/", Map.of("Host", host), NOTHING);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(text(answer)).doesNotContain("data-token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1:9", "[::1]:8080", "LOCALHOST:1", "console.example:443"})
  void itsOwnNamesAreNot(String host) {
    assertThat(handle("GET", "/console/", Map.of("Host", host), NOTHING).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example",
    "Origin, null",
    "Origin, http://localhost:8081",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Sec-Fetch-Site, none"
  })
  void anotherSiteMayChangeNothingEvenWithTheToken(String header, String value) {
    bench.sendText(Channel.SMS, "Hello", "Stays.");

    ConsoleAnswer answer = post("/sandbox/clear", "token=" + token(), Map.of(header, value));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(bench.sandbox.messages()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "token=", "token=wrong", "tokens=1"})
  void nobodyChangesAnythingWithoutTheToken(String body) {
    bench.sendText(Channel.SMS, "Hello", "Stays.");

    assertThat(post("/sandbox/clear", body, Map.of()).status()).isEqualTo(403);
    assertThat(bench.sandbox.messages()).hasSize(1);
  }

  @Test
  void itsOwnPagesMayChangeThings() {
    bench.sendText(Channel.SMS, "Hello", "Goes.");

    ConsoleAnswer answer =
        post(
            "/sandbox/clear",
            "token=" + token(),
            Map.of("Origin", "http://localhost:8080", "Sec-Fetch-Site", "same-origin"));

    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.headers()).containsEntry("Location", "/console/sandbox");
    assertThat(bench.sandbox.messages()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "channel=sms&kind=BURN&delay=0, 400",
    "channel=fax&kind=FAIL&delay=0, 400",
    "channel=sms&kind=FAIL&delay=soon, 400",
    "channel=sms&kind=FAIL&delay=99999999, 400",
    "channel=sms&kind=FAIL&delay=500, 303"
  })
  void aBehaviourIsSetOnlyIfThereIsOne(String form, int status) {
    ConsoleAnswer answer = post("/sandbox/behaviour", "token=" + token() + "&" + form, Map.of());

    assertThat(answer.status()).isEqualTo(status);
    assertThat(bench.sandbox.behaviour(Channel.SMS).kind() == SandboxBehaviour.Kind.FAIL)
        .isEqualTo(status == 303);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /console/nothing, 404",
    "GET, /consoles/sandbox, 404",
    "GET, /sandbox, 404",
    "GET, http://localhost/console/, 404",
    "GET, /console/assets/../module-info.class, 404",
    "GET, /console/assets/%2e%2e%2fConsole.class, 404",
    "GET, /console/%zz, 404",
    "GET, /console/notifications/01a200ab-b02b-7000-b2df-743efb09ac99, 404",
    "GET, /console/notifications/------------------------------------, 404",
    "GET, /console/sandbox/999999999999999999/mail, 404",
    "GET, /console/sandbox?message=nobody, 200",
    "GET, /console/search?before=nothing, 200",
    "GET, /console/templates/preview?name=none&version=x&channel=%F0, 200",
    "DELETE, /console/sandbox, 405",
    "GET, /console/preferences/centre/forged, 404"
  })
  void badRequestsAreAnsweredInWords(String method, String target, int status) {
    ConsoleAnswer answer = handle(method, target, HERE, NOTHING);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers()).containsKey("Content-Security-Policy");
  }

  @Test
  void replayingWhatIsNotDeadIsRefused() {
    NotificationRecord sent = bench.sendText(Channel.SMS, "Hello", "Was delivered.");

    ConsoleAnswer answer =
        post(
            "/dead-letters/" + sent.deliveries().get(0).id() + "/replay",
            "token=" + token(),
            Map.of());

    assertThat(answer.status()).isEqualTo(409);
    assertThat(bench.sandbox.messages()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"'', console, console", "ann, ann, back office"})
  void whatIsChangedOnAPersonsPageIsNotLoggedAsThePersonsDoing(
      String loggedIn, String actor, String source) {
    String link = bench.dispatcher.preferenceLink("ana").getPath();
    String path = "/preferences/centre" + link.substring(link.lastIndexOf('/'));

    ConsoleAnswer saved =
        loggedIn.isEmpty()
            ? post(path, "complete=1&pause=3", Map.of())
            : bench
                .dispatcher
                .audit()
                .inNameOf(
                    loggedIn, "back office", () -> post(path, "complete=1&pause=3", Map.of()));

    assertThat(saved.status()).isEqualTo(200);
    assertThat(bench.dispatcher.audit().about("ana", 0, 10))
        .extracting(AuditEntry::actor, AuditEntry::source)
        .containsExactly(tuple(actor, source));
    assertThat(bench.dispatcher.preferences().history("ana"))
        .extracting(change -> change.origin().actor(), change -> change.origin().source())
        .containsExactly(tuple(actor, source));
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    byte[] large = new byte[ConsoleHandler.LONGEST_BODY + 1];

    assertThat(handle("POST", "/console/sandbox/clear", HERE, large).status()).isEqualTo(413);
  }

  @Test
  void headHasHeadersOnly() {
    ConsoleAnswer answer = handle("HEAD", "/console/", HERE, NOTHING);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void addressesAreMaskedUnlessAskedFor() {
    bench.sendMail("Hello", "<p>Hello</p>");

    String masked = text(get("/console/sandbox?message=1")) + text(get("/console/data/sandbox"));
    String shown = text(get("/console/sandbox?message=1&addresses=shown"));

    assertThat(masked).contains("a***@example.com").doesNotContain("ana@example.com");
    assertThat(shown).contains("ana@example.com");
  }

  @Test
  void aMailIsShownInAFrameInWhichNothingRunsAndNothingIsFetched() {
    bench.sendMail("Hello", "<html><head><title>x</title></head><body>Hi</body></html>");

    ConsoleAnswer frame = get("/console/sandbox/1/mail");

    assertThat(frame.headers().get("Content-Security-Policy"))
        .contains("default-src 'none'", "sandbox allow-popups", "img-src data:")
        .doesNotContain("allow-scripts", "allow-same-origin", "script-src");
    assertThat(text(frame)).contains("<head><base target=\"_blank\"><title>x</title>");
    assertThat(text(get("/console/sandbox?message=1")))
        .contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\"");
  }

  @Test
  void assetsAreTaggedAndNotSentTwice() {
    ConsoleAnswer first = get("/console/assets/chart.js");
    Map<String, String> again = new HashMap<>(HERE);
    again.put("If-None-Match", first.headers().get("ETag"));

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers()).containsEntry("Content-Type", "text/javascript; charset=utf-8");
    assertThat(handle("GET", "/console/assets/chart.js", again, NOTHING).status()).isEqualTo(304);
  }

  @Test
  void whatCameWithAMailCanBeSavedAndIsNeverShownAsAPage() {
    String name = "Rechnung \"Nr. 7\" – März.html";
    bench.send(
        Notification.to(Bench.ana())
            .channels(Channel.EMAIL)
            .content(
                Content.builder()
                    .title("Your bill")
                    .body("It is attached.")
                    .attach(
                        Attachment.of(
                            name, "text/html", "<script>".getBytes(StandardCharsets.UTF_8)))
                    .build())
            .build());

    ConsoleAnswer file = get("/console/sandbox/1/files/0");

    assertThat(text(get("/console/sandbox?message=1")))
        .contains("href=\"/console/sandbox/1/files/0\" download");
    assertThat(file.status()).isEqualTo(200);
    assertThat(text(file)).isEqualTo("<script>");
    assertThat(file.headers())
        .containsEntry("Content-Type", "application/octet-stream")
        .containsEntry(
            "Content-Disposition",
            "attachment; filename=\"Rechnung _Nr. 7_ _ M_rz.html\";"
                + " filename*=UTF-8''Rechnung%20%22Nr.%207%22%20%E2%80%93%20M%C3%A4rz.html");
    assertThat(get("/console/sandbox/1/files/1").status()).isEqualTo(404);
    assertThat(get("/console/sandbox/2/files/0").status()).isEqualTo(404);
  }

  @Test
  void aColourStandsInOnePlaceForLightAndDark() {
    String sheet = text(get("/console/assets/console.css"));

    List<String> declared =
        Pattern.compile("(--[a-z0-9-]+):")
            .matcher(sheet)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(declared).hasSizeGreaterThan(20).doesNotHaveDuplicates();
  }

  @Test
  void whoMountsItBehindALoginCanHaveAButtonToLogOut() {
    try (ConsoleHandler mounted =
        ConsoleHandler.builder(bench.dispatcher).logout("/console/logout").build()) {
      String page = text(mounted.handle("GET", "/console/", headers(HERE), NOTHING));

      assertThat(page).contains("action=\"/console/logout\"", "Log out");
      assertThat(text(get("/console/"))).doesNotContain("Log out");
    }
    assertThatThrownBy(() -> ConsoleHandler.builder(bench.dispatcher).logout("//evil.example"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("logout: ");
  }

  @Test
  void itCanStandBelowAnotherPathAndWithoutASandbox() {
    try (ConsoleHandler other =
        ConsoleHandler.builder(bench.dispatcher).at("/admin/notify").build()) {
      ConsoleAnswer answer = other.handle("GET", "/admin/notify/sandbox", headers(HERE), NOTHING);

      assertThat(text(answer))
          .contains("There is no sandbox.", "href=\"/admin/notify/search\"")
          .doesNotContain("\"/console");
    }
    assertThatThrownBy(() -> ConsoleHandler.builder(bench.dispatcher).at("console/"))
        .isInstanceOf(ConfigurationException.class);
  }

  private ConsoleAnswer get(String target) {
    return handle("GET", target, HERE, NOTHING);
  }

  private ConsoleAnswer post(String path, String body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(HERE);
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    headers.putAll(more);
    return handle("POST", "/console" + path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private ConsoleAnswer handle(
      String method, String target, Map<String, String> headers, byte[] body) {
    return handler.handle(method, target, headers(headers), body);
  }

  private static Map<String, List<String>> headers(Map<String, String> single) {
    Map<String, List<String>> headers = new HashMap<>();
    single.forEach((name, value) -> headers.put(name, List.of(value)));
    return headers;
  }

  private String token() {
    Matcher token = Pattern.compile("data-token=\"([^\"]+)\"").matcher(text(get("/console/")));
    assertThat(token.find()).isTrue();
    return token.group(1);
  }

  private static String text(ConsoleAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
