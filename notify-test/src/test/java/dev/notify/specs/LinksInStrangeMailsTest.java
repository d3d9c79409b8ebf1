package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import dev.notify.LinkAnswer;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.EmailOptions;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.template.TemplateSources;
import dev.notify.tracking.LinkTokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where links lead that were written in unusual, and in quite usual, ways. */
class LinksInStrangeMailsTest {

  private static final String BASE = "https://shop.example.com/n";
  private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final Map<String, List<String>> PERSON =
      Map.of("User-Agent", List.of("Mozilla/5.0 (X11; Linux) Firefox/128.0"));
  private static final Pattern CLICK = Pattern.compile(Pattern.quote(BASE) + "/c/[A-Za-z0-9_-]+");

  private final Stage stage = new Stage();

  private NotificationDispatcher dispatcher() {
    return stage
        .builder()
        .templates(
            TemplateSources.of(
                Map.of(
                    "news/email.subject", "News",
                    "news/email.html", "<body><a href=\"{{link}}\">more</a></body>")))
        .categories(Category.optional("news").tracked(), Category.optional("plain"))
        .links(SignedLinks.below(URI.create(BASE), KEY))
        .build();
  }

  private String sent(NotificationDispatcher dispatcher, String html) {
    dispatcher.send(
        Notification.to("jane")
            .category("news")
            .content(Content.builder().title("News").body("News").html(html).build())
            .channels(EMAIL)
            .build());
    return html();
  }

  private String html() {
    return stage.email.messages().get(stage.email.calls() - 1).content().html().orElseThrow();
  }

  private static String click(String html) {
    var found = CLICK.matcher(html);
    assertThat(found.find()).as("a link that leads by us in " + html).isTrue();
    return found.group();
  }

  private LinkAnswer follow(NotificationDispatcher dispatcher, String html) {
    stage.pass(Duration.ofMinutes(5));
    return dispatcher.links().handle("GET", click(html), PERSON);
  }

  @Test
  void aLinkThatATemplateWroteLeadsWhereTheApplicationSaid() {
    try (var dispatcher = dispatcher()) {
      String target = "https://example.com/order?id=1017&token=abc";
      dispatcher.send(
          Notification.to("jane")
              .category("news")
              .template("news", Map.of("link", target))
              .channels(EMAIL)
              .build());

      assertThat(follow(dispatcher, html()).headers()).containsEntry("Location", target);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"&#38;", "&#x26;", "&AMP;"})
  void anAmpersandIsOneHoweverHtmlWritesIt(String ampersand) {
    try (var dispatcher = dispatcher()) {
      String html =
          sent(dispatcher, "<a href=\"https://example.com/?a=1" + ampersand + "b=2\">x</a>");

      assertThat(follow(dispatcher, html).headers())
          .containsEntry("Location", "https://example.com/?a=1&b=2");
    }
  }

  @Test
  void aLocationIsOfAsciiAlone() {
    try (var dispatcher = dispatcher()) {
      String html = sent(dispatcher, "<a href=\"https://example.com/größe\">x</a>");

      assertThat(follow(dispatcher, html).headers().get("Location"))
          .isEqualTo("https://example.com/gr%C3%B6%C3%9Fe");
    }
  }

  @Test
  void aLinkCannotWriteAHeaderFieldOfItsOwnWhateverTheServerMakesOfIt() throws Exception {
    try (var dispatcher = dispatcher()) {
      // The JDK's own server writes the low byte of each character: these two are CR and LF.
      String html =
          sent(
              dispatcher,
              "<a href=\"https://example.com/\u010d\u010aSet-Cookie:session=evil\">x</a>");
      LinkAnswer answer = follow(dispatcher, html);

      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            answer
                .headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(answer.status(), -1);
            exchange.close();
          });
      server.start();
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
        socket
            .getOutputStream()
            .write(
                "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
        String raw = new String(socket.getInputStream().readAllBytes(), UTF_8);

        assertThat(raw.lines()).noneMatch(line -> line.startsWith("Set-Cookie"));
      } finally {
        server.stop(0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/größe, 302, https://example.com/gr%C3%B6%C3%9Fe",
    "https://example.com/a b, 404,",
    "javascript:alert(1), 404,"
  })
  void whatAnEarlierVersionSignedIsReadWithTheSameCare(String signed, int status, String location) {
    try (var dispatcher = dispatcher()) {
      String token =
          new LinkTokens(List.of(KEY))
              .sign(
                  new LinkTokens.Said(
                      LinkTokens.Kind.CLICK,
                      new DeliveryId(new UUID(1, 2)),
                      Optional.empty(),
                      signed));

      LinkAnswer answer = dispatcher.links().handle("GET", BASE + "/c/" + token, PERSON);

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers().get("Location")).isEqualTo(location);
    }
  }

  @Test
  void theApplicationsOwnUnsubscribeLinkStaysAsItIsInTheText() {
    try (var dispatcher = dispatcher()) {
      URI own = URI.create("https://shop.example.com/unsubscribe/1017");
      dispatcher.send(
          Notification.to("jane")
              .category("news")
              .content(
                  Content.builder()
                      .title("News")
                      .body("News")
                      .html("<a href=\"" + own + "\">Unsubscribe</a>")
                      .email(EmailOptions.builder().unsubscribe(own).build())
                      .build())
              .channels(EMAIL)
              .build());

      // docs/tracking.md: "Other links (mailto:, fragments, your own unsubscribe link) stay".
      assertThat(html()).contains("href=\"" + own + "\"");
    }
  }

  @Test
  void brokenHtmlCostsNoMoreThanItsLength() {
    try (var dispatcher = dispatcher()) {
      String html = "<a ".repeat(100_000);

      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> sent(dispatcher, html));
    }
  }

  @Test
  void anAttributesTextIsNoLink() {
    try (var dispatcher = dispatcher()) {
      String tag =
          "<a title=\"say href='https://a.example.com/'\" href=\"https://b.example.com/\">";

      String html = sent(dispatcher, tag + "x</a>");

      assertThat(html).contains("title=\"say href='https://a.example.com/'\"");
    }
  }

  @Test
  void aLinkWithoutQuotesIsOneToo() {
    try (var dispatcher = dispatcher()) {
      assertThat(
              follow(dispatcher, sent(dispatcher, "<a href=https://example.com/a>x</a>")).headers())
          .containsEntry("Location", "https://example.com/a");
    }
  }

  @Test
  void aGreaterSignInAnAttributeHidesNoLink() {
    try (var dispatcher = dispatcher()) {
      String html = sent(dispatcher, "<a title=\"a > b\" href=\"https://example.com/a\">x</a>");

      assertThat(follow(dispatcher, html).headers())
          .containsEntry("Location", "https://example.com/a");
    }
  }

  @Test
  void aMethodThatIsNotAllowedIsToldWhichAre() {
    try (var dispatcher = dispatcher()) {
      String html = sent(dispatcher, "<a href=\"https://example.com/a\">x</a>");

      // RFC 9110, 15.5.6: the server MUST generate an Allow header field.
      assertThat(allowed(dispatcher, "POST", click(html))).isEqualTo("GET, HEAD");
      assertThat(allowed(dispatcher, "POST", pixel(html))).isEqualTo("GET, HEAD");
      assertThat(allowed(dispatcher, "PUT", unsubscribe())).isEqualTo("GET, HEAD, POST");
    }
  }

  private static String allowed(NotificationDispatcher dispatcher, String method, String link) {
    LinkAnswer answer = dispatcher.links().handle(method, link, PERSON);
    assertThat(answer.status()).isEqualTo(405);
    return String.valueOf(answer.headers().get("Allow"));
  }

  private static String pixel(String html) {
    int start = html.indexOf(BASE + "/o/");
    return html.substring(start, html.indexOf('"', start));
  }

  private String unsubscribe() {
    return stage.email.messages().get(0).content().email().unsubscribe().orElseThrow().toString();
  }

  @Test
  void anAnswerToHeadHasNoBody() {
    try (var dispatcher = dispatcher()) {
      String html = sent(dispatcher, "<a href=\"https://example.com/a\">x</a>");

      for (String link : List.of(click(html), pixel(html), unsubscribe(), BASE + "/c/unknown")) {
        LinkAnswer get = dispatcher.links().handle("GET", link, PERSON);
        LinkAnswer head = dispatcher.links().handle("HEAD", link, PERSON);

        assertThat(head.body()).isEmpty();
        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.headers()).isEqualTo(get.headers());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Mozilla/5.0 (Linux; Android 9; CUBOT POWER Build/PPR1) AppleWebKit/537.36 Chrome/120.0'",
    "'Mozilla/5.0 (Windows NT 10.0) Firefox/128.0 Scania-Intranet'"
  })
  void aPersonsPhoneIsNoProgramForItsMakersName(String agent) {
    try (var dispatcher = dispatcher()) {
      String html = sent(dispatcher, "<a href=\"https://example.com/a\">x</a>");
      stage.pass(Duration.ofMinutes(5));
      dispatcher.links().handle("GET", click(html), Map.of("User-Agent", List.of(agent)));

      assertThat(
              dispatcher
                  .status(stage.email.messages().get(0).notificationId())
                  .orElseThrow()
                  .events())
          .filteredOn(event -> event.type() == DeliveryEvent.Type.CLICKED)
          .allSatisfy(event -> assertThat(event.reason()).isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200, 220, 221, 600, 1_700})
  void aLongLinkLeadsByUsAsLongAsWeTakeItAndStaysAsItIsOtherwise(int length) {
    try (var dispatcher = dispatcher()) {
      // In a header field each of these is nine characters long.
      String written = "<a href=\"https://example.com/" + "\u5b57".repeat(length) + "\">x</a>";
      String html = sent(dispatcher, written);
      stage.pass(Duration.ofMinutes(5));

      if (length <= 220) {
        assertThat(dispatcher.links().handle("GET", click(html), PERSON).status()).isEqualTo(302);
      } else {
        assertThat(html).startsWith(written);
      }
    }
  }

  @Test
  void aPersonWithALongNameGetsTheMailToo() {
    try (var dispatcher = dispatcher()) {
      var receipt =
          dispatcher.send(
              Notification.to(
                      Recipient.builder("\u5b57".repeat(220)).email("jane@example.com").build())
                  .category("plain")
                  .title("t")
                  .body("b")
                  .channels(EMAIL)
                  .build());

      assertThat(Stage.only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.SENT);
    }
  }
}
