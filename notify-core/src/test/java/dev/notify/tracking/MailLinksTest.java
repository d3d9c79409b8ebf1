package dev.notify.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.Chance;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.DeliveryId;
import dev.notify.model.EmailOptions;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import dev.notify.tracking.LinkTokens.Said;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our links do to a mail, and what they leave alone. */
class MailLinksTest {

  private static final String BASE = "https://shop.example.com/n";
  private static final Pattern CLICK = Pattern.compile(Pattern.quote(BASE) + "/c/([A-Za-z0-9_-]+)");
  private static final Pattern PIXEL =
      Pattern.compile("<img src=\"" + Pattern.quote(BASE) + "/o/[^>]*>");
  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  private final LinkTokens tokens =
      new LinkTokens(List.of("0123456789abcdef0123456789abcdef".getBytes(UTF_8)));
  private final MailLinks links = links(BASE);

  private MailLinks links(String base) {
    return new MailLinks(URI.create(base), tokens, Duration.ofDays(90));
  }

  private static OutboundMessage mail(String recipient, Content content) {
    return new OutboundMessage(
        new DeliveryId(new UUID(1, 2)),
        new NotificationId(new UUID(3, 4)),
        recipient,
        Address.email("jane@example.com"),
        content,
        Category.optional("news").tracked(),
        Priority.NORMAL,
        NOW,
        NOW.plusSeconds(3600),
        Map.of());
  }

  private static OutboundMessage html(String html) {
    return mail("jane", Content.builder().title("t").html(html).build());
  }

  private String sent(String html) {
    return links.in(html(html)).content().html().orElseThrow();
  }

  /** As it was, if nothing but links and the pixel changed. */
  private String undone(String sent) {
    String links =
        CLICK
            .matcher(sent)
            .replaceAll(found -> tokens.read(found.group(1)).map(Said::text).orElseThrow());
    return PIXEL.matcher(links).replaceFirst("");
  }

  @Test
  void whateverTheHtmlNothingChangesButWhereLinksLead() {
    Chance.forMany(
        20_000,
        random -> {
          String html = HtmlScanTest.anyHtml(random).replaceAll("\\bu", "https://example.com/u");

          String sent = sent(html);

          assertThat(undone(sent)).as(sent).isEqualTo(html);
          assertThat(CLICK.matcher(sent).results().count())
              .as(html)
              .isEqualTo(
                  HtmlScan.of(html).links().stream().filter(MailLinksTest::isWritten).count());
        });
  }

  private static boolean isWritten(HtmlScan.Value link) {
    return link.end() > link.start();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<a href=\"https://example.com/\">|<a href=\"(BY US)\">",
        "<a href='https://example.com/'>|<a href='(BY US)'>",
        "<a href=https://example.com/>|<a href=(BY US)>",
        "<a href=\" https://example.com/\t\">|<a href=\"(BY US)\">",
        "<AREA HREF = 'https://example.com/'>|<AREA HREF = '(BY US)'>",
        "<a href=https://example.com/?a&hellip;>|<a href=https://example.com/?a&hellip;>",
        "<a href='https://shop.example.com/n/u/x'>|<a href='https://shop.example.com/n/u/x'>",
        "<a href='#x'>|<a href='#x'>",
        "<!--[if mso]><a href='https://example.com/'><![endif]-->"
            + "|<!--[if mso]><a href='https://example.com/'><![endif]-->",
      })
  void aLinkIsChangedWhereItStands(String html, String expected) {
    String sent = PIXEL.matcher(sent(html)).replaceFirst("");

    assertThat(CLICK.matcher(sent).replaceAll("(BY US)")).isEqualTo(expected);
  }

  @Test
  void anAddressOfOursIsWrittenAsHtmlWantsIt() {
    String sent =
        links("https://shop.example.com/a&lt'b")
            .in(html("<a href='https://example.com/'>"))
            .content()
            .html()
            .orElseThrow();

    assertThat(sent)
        .startsWith("<a href='https://shop.example.com/a&amp;lt&#39;b/c/")
        .contains("<img src=\"https://shop.example.com/a&amp;lt&#39;b/o/");
  }

  @Test
  void thePixelStandsInTheBodyWhateverAComportmentSays() {
    assertThat(sent("<body>x</body><!-- </body> -->")).startsWith("<body>x<img src=");
  }

  @Test
  void theOwnUnsubscribeLinkStaysHoweverItIsWritten() {
    String html =
        "<a href='https://example.com/off?a=1&amp;p=1'>a</a>"
            + "<a href='HTTPS://Example.com/off?a=1&#38;p=1'>b</a>";
    Content content =
        Content.builder()
            .title("t")
            .html(html)
            .email(
                EmailOptions.builder()
                    .unsubscribe(URI.create("https://example.com/off?a=1&p=1"))
                    .build())
            .build();

    assertThat(links.in(mail("jane", content)).content().html().orElseThrow()).startsWith(html);
  }

  @Test
  void allLinksThatLeadByUsAreOfTokensThatWeTake() {
    for (int length = 1; length < 3_000; length += 7) {
      String target = "https://example.com/" + "x".repeat(length);
      String sent = sent("<a href=" + target + ">");

      assertThat(undone(sent)).isEqualTo("<a href=" + target + ">");
      assertThat(CLICK.matcher(sent).find()).isEqualTo(target.length() <= 2_000);
    }
  }

  @Test
  void aMailOfNothingButLinksGoesOutWithoutOursIfTheyMakeItTooLong() {
    String html = "<a href=http:a.b>".replace(":", "://").repeat(400_000);

    assertThat(links.in(html(html)).content().html()).contains(html);
  }

  @Test
  void everyPersonGetsTheMailAndAllButThoseOfTheLongestNamesALinkToUnsubscribe() {
    for (String letter : List.of("x", "\u00f6", "\u5b57", "\ud83d\ude00")) {
      for (int length = letter.length(); length <= 255; length += letter.length()) {
        String name = letter.repeat(length / letter.length());
        Optional<URI> link =
            links.in(mail(name, Content.ofBody("b"))).content().email().unsubscribe();

        if (name.getBytes(UTF_8).length <= 510) {
          String token = link.orElseThrow().toString().substring((BASE + "/u/").length());
          assertThat(tokens.read(token).orElseThrow().text()).startsWith(name + '\0');
        }
      }
    }
  }
}
