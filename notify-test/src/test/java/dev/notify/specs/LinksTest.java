package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.LinkAnswer;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.SignedLinks;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.EmailOptions;
import dev.notify.model.Notification;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Reason;
import dev.notify.tracking.LinkTokens;
import dev.notify.tracking.LinkTokens.Kind;
import dev.notify.tracking.LinkTokens.Said;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens, clicks and one-click unsubscribing by links in mails. */
class LinksTest {

  private static final String BASE = "https://shop.example.com/n";
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER =
      "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.UTF_8);
  private static final Map<String, List<String>> PERSON =
      Map.of("User-Agent", List.of("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Firefox/128.0"));
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

  private final Stage stage = new Stage();

  private NotificationDispatcher dispatcher(SignedLinks links) {
    return stage
        .builder()
        .categories(
            Category.optional("news").tracked(),
            Category.optional("plain"),
            Category.transactional("receipts"))
        .links(links)
        .build();
  }

  private NotificationDispatcher dispatcher() {
    return dispatcher(SignedLinks.below(URI.create(BASE), KEY));
  }

  private SendReceipt send(NotificationDispatcher dispatcher, String category, String html) {
    return dispatcher.send(
        Notification.to("jane")
            .category(category)
            .content(Content.builder().title("News").body("News").html(html).build())
            .channels(EMAIL)
            .build());
  }

  private Content sent() {
    return stage.email.messages().get(stage.email.calls() - 1).content();
  }

  private static List<String> links(String html) {
    Matcher matcher = LINK.matcher(html);
    return matcher.results().map(found -> found.group(1)).toList();
  }

  @Test
  void aLinkLeadsByUsToWhereTheMailLed() {
    try (var dispatcher = dispatcher()) {
      var receipt =
          send(
              dispatcher,
              "news",
              "<body><p><a class='x' href=\"https://example.com/a?b=1&amp;c=2\">more</a></p></body>");
      List<String> links = links(sent().html().orElseThrow());
      assertThat(links).hasSize(2).allMatch(link -> link.startsWith(BASE + "/"));
      assertThat(sent().html().orElseThrow()).endsWith("></body>");
      stage.pass(Duration.ofMinutes(5));

      LinkAnswer answer = dispatcher.links().handle("GET", links.get(0), PERSON);

      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.headers()).containsEntry("Location", "https://example.com/a?b=1&c=2");
      assertThat(events(dispatcher, receipt)).containsExactly(Type.CLICKED);

      LinkAnswer pixel = dispatcher.links().handle("GET", links.get(1), PERSON);
      assertThat(pixel.status()).isEqualTo(200);
      assertThat(pixel.headers()).containsEntry("Content-Type", "image/gif");
      assertThat(events(dispatcher, receipt)).containsExactly(Type.CLICKED, Type.OPENED);
    }
  }

  private static List<Type> events(NotificationDispatcher dispatcher, SendReceipt receipt) {
    return Stage.record(dispatcher, receipt).events().stream()
        .map(DeliveryEvent::type)
        .filter(type -> type.status().isEmpty())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mailto:help@example.com",
        "tel:+14155550100",
        "#top",
        "javascript:alert(1)",
        "/relative",
        "https://exa mple.com/\"x"
      })
  void whatIsNoAddressOfTheWebIsLeftAlone(String target) {
    try (var dispatcher = dispatcher()) {
      String html = "<a href='" + target + "'>x</a>";
      send(dispatcher, "news", html);

      assertThat(sent().html().orElseThrow()).startsWith(html);
    }
  }

  @Test
  void aNeighbourOfOurOwnAddressIsNotOurOwn() {
    try (var dispatcher = dispatcher()) {
      send(dispatcher, "news", "<a href=\"" + BASE + "ews\">x</a>");

      assertThat(links(sent().html().orElseThrow()).get(0)).startsWith(BASE + "/c/");
    }
  }

  @Test
  void onlyTrackedCategoriesAreTouched() {
    try (var dispatcher = dispatcher()) {
      String html = "<a href=\"https://example.com\">x</a>";
      send(dispatcher, "plain", html);

      assertThat(sent().html()).contains(html);
    }
  }

  @Test
  void noLinkCanBeMadeOrChangedBySomebodyElse() {
    try (var dispatcher = dispatcher();
        var stranger = dispatcher(SignedLinks.below(URI.create(BASE), OTHER))) {
      send(stranger, "news", "<a href=\"https://evil.example\">x</a>");
      String foreign = links(sent().html().orElseThrow()).get(0);
      send(dispatcher, "news", "<a href=\"https://example.com\">x</a>");
      String ours = links(sent().html().orElseThrow()).get(0);

      assertThat(dispatcher.links().handle("GET", foreign, PERSON).status()).isEqualTo(404);
      for (int i = ours.lastIndexOf('/') + 1; i < ours.length() - 1; i++) {
        char other = ours.charAt(i) == 'A' ? 'B' : 'A';
        String changed = ours.substring(0, i) + other + ours.substring(i + 1);
        assertThat(dispatcher.links().handle("GET", changed, PERSON).status()).isEqualTo(404);
      }
      assertThat(dispatcher.links().handle("GET", BASE + "/c/", PERSON).status()).isEqualTo(404);
      assertThat(dispatcher.links().handle("GET", "x".repeat(100_000), PERSON).status())
          .isEqualTo(404);
    }
  }

  @Test
  void linksOfAnEarlierKeyWorkOnAndExpireInTheirTime() {
    String link;
    try (var before = dispatcher(SignedLinks.below(URI.create(BASE), OTHER))) {
      send(before, "news", "<a href=\"https://example.com\">x</a>");
      link = links(sent().html().orElseThrow()).get(0);
    }
    try (var dispatcher =
        dispatcher(SignedLinks.below(URI.create(BASE), KEY).alsoBelieving(OTHER))) {
      assertThat(dispatcher.links().handle("GET", link, PERSON).status()).isEqualTo(302);

      stage.pass(Duration.ofDays(91));
      LinkAnswer late = dispatcher.links().handle("GET", link, PERSON);
      assertThat(late.status()).isEqualTo(410);
      assertThat(late.headers()).doesNotContainKey("Location");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, Mozilla/5.0 (X11; Linux) Firefox/128.0, '', 300",
    "GET, Mozilla/5.0, '', 300",
    "GET, '', '', 300",
    "GET, Barracuda Sentinel, '', 300",
    "GET, Slackbot-LinkExpanding 1.0, '', 300",
    "GET, Mozilla/5.0 (X11; Linux) Firefox/128.0, prefetch, 300",
    "GET, Mozilla/5.0 (X11; Linux) Firefox/128.0, '', 1",
  })
  void aProgramIsMarkedAndCountsForNobody(
      String method, String agent, String purpose, long seconds) {
    try (var dispatcher = dispatcher()) {
      var receipt = send(dispatcher, "news", "<a href=\"https://example.com\">x</a>");
      String link = links(sent().html().orElseThrow()).get(0);
      stage.pass(Duration.ofSeconds(seconds));

      LinkAnswer answer =
          dispatcher
              .links()
              .handle(
                  method,
                  link,
                  Map.of("user-agent", List.of(agent), "Sec-Purpose", List.of(purpose)));

      assertThat(answer.status()).isEqualTo(302);
      assertThat(Stage.record(dispatcher, receipt).events())
          .filteredOn(event -> event.type() == Type.CLICKED)
          .singleElement()
          .satisfies(
              event -> assertThat(event.reason().map(Reason::code)).contains(Reason.MACHINE));
    }
  }

  @Test
  void oneClickUnsubscribesFromTheCategoryByPostOnly() {
    try (var dispatcher = dispatcher()) {
      var receipt = send(dispatcher, "plain", "<p>x</p>");
      String link = sent().email().unsubscribe().orElseThrow().toString();
      assertThat(link).startsWith(BASE + "/u/");

      LinkAnswer page = dispatcher.links().handle("GET", link, PERSON);
      assertThat(page.status()).isEqualTo(200);
      assertThat(new String(page.body(), StandardCharsets.UTF_8)).contains("method=\"post\"");
      assertThat(choice(dispatcher)).isEmpty();

      stage.pass(Duration.ofDays(1_000));
      Instant now = stage.clock.instant();
      assertThat(dispatcher.links().handle("POST", link, Map.of()).status()).isEqualTo(200);

      assertThat(choice(dispatcher))
          .contains(new Choice(false, now, "unsubscribe link in an e-mail"));
      assertThat(events(dispatcher, receipt)).containsExactly(Type.UNSUBSCRIBED);
      var next = send(dispatcher, "plain", "<p>y</p>");
      assertThat(Stage.only(dispatcher, next).status()).isEqualTo(DeliveryStatus.SUPPRESSED);
      assertThat(dispatcher.suppressions().find(Stage.JANE.addresses().get(0))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"jane\0plain\0no channel", "jane\0\0email", "\0plain\0email", "a\nb\0c\0email"})
  void aLinkThatWeSignedAndCannotMeanIsNotValid(String says) {
    var said = new Said(Kind.UNSUBSCRIBE, new DeliveryId(new UUID(1, 2)), Optional.empty(), says);
    String link = BASE + "/u/" + new LinkTokens(List.of(KEY)).sign(said);
    try (var dispatcher = dispatcher()) {
      assertThat(dispatcher.links().handle("POST", link, PERSON).status()).isEqualTo(404);
    }
  }

  private static Optional<Choice> choice(NotificationDispatcher dispatcher) {
    return dispatcher
        .preferences()
        .find("jane")
        .choiceFor(EMAIL, "plain")
        .map(match -> match.choice());
  }

  @Test
  void whatAPersonMustGetHasNoUnsubscribingAndAnOwnLinkIsKept() {
    try (var dispatcher = dispatcher()) {
      send(dispatcher, "receipts", "<p>x</p>");
      assertThat(sent().email().unsubscribe()).isEmpty();

      URI own = URI.create("https://example.com/mine");
      dispatcher.send(
          Notification.to("jane")
              .category("plain")
              .title("t")
              .body("b")
              .email(EmailOptions.builder().unsubscribe(own).tag("kept").build())
              .channels(EMAIL)
              .build());
      assertThat(sent().email().unsubscribe()).contains(own);
      assertThat(sent().email().tags()).containsExactly("kept");
    }
  }

  @Test
  void settingsThatAreNotSafeAreRefused() {
    assertThatThrownBy(() -> SignedLinks.below(URI.create("http://example.com"), KEY))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> SignedLinks.below(URI.create(BASE + "/\ud800"), KEY))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> SignedLinks.below(URI.create(BASE), new byte[16]))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("32");
    assertThatThrownBy(() -> SignedLinks.below(URI.create(BASE + "/n".repeat(100)), KEY))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("at most 200");
    try (var dispatcher = stage.builder().build()) {
      assertThatThrownBy(dispatcher::links).isInstanceOf(ConfigurationException.class);
    }
    assertThat(SignedLinks.below(URI.create(BASE), KEY))
        .hasToString("SignedLinks[" + BASE + ", 1 keys]");
  }
}
