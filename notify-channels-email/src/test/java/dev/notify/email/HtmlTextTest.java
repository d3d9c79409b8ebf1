package dev.notify.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTextTest {

  @Test
  void paragraphsAreApartAndLineBreaksAreNot() {
    assertThat(HtmlText.of("<h1>Hello</h1><p>One\n  two</p><p>Three<br>four<br/>five</p>"))
        .isEqualTo("Hello\n\nOne two\n\nThree\nfour\nfive");
  }

  @Test
  void linksKeepTheirAddress() {
    assertThat(
            HtmlText.of(
                "<p>Track <a href=\"https://x.example/t?a=1&amp;b=2\">your <b>parcel</b></a>.</p>"))
        .isEqualTo("Track your parcel (https://x.example/t?a=1&b=2).");
  }

  @Test
  void linksThatShowTheirAddressShowItOnce() {
    assertThat(
            HtmlText.of(
                "<a href='https://x.example'>https://x.example</a>, <a href='mailto:a@x.example'>a@x.example</a>"))
        .isEqualTo("https://x.example, a@x.example");
  }

  @Test
  void linksThatLeadNowhereAreWords() {
    assertThat(HtmlText.of("<a href='#top'>up</a> <a href='javascript:x()'>run</a> <a>none</a>"))
        .isEqualTo("up run none");
  }

  @Test
  void linkedPicturesKeepTheAddress() {
    assertThat(HtmlText.of("<a href='https://x.example'><img src='a.png'></a>"))
        .isEqualTo("https://x.example");
    assertThat(HtmlText.of("<a href='https://x.example'><img src='a.png' alt='Shop'></a>"))
        .isEqualTo("Shop (https://x.example)");
  }

  @Test
  void listsAreListed() {
    assertThat(
            HtmlText.of(
                "<p>Buy</p><ul><li>milk</li><li>eggs<ul><li>brown</li></ul></li></ul><ol><li>a</li><li>b</li></ol>"))
        .isEqualTo("Buy\n\n- milk\n- eggs\n  - brown\n\n1. a\n2. b");
  }

  @Test
  void rowsAreLinesAndCellsAreWords() {
    assertThat(
            HtmlText.of(
                "<table><tr><td>Tea</td><td>2 €</td></tr><tr><td>Sum</td><td>2 €</td></tr></table>end"))
        .isEqualTo("Tea 2 €\nSum 2 €\n\nend");
  }

  @Test
  void whatNobodySeesIsLeftOut() {
    String html =
        "<html><head><title>t</title><style>p{}</style></head><body><script>alert(1)</script>"
            + "<!-- note --><div style='display: none'>preheader</div><p>seen</p><template>x</template></body></html>";

    assertThat(HtmlText.of(html)).isEqualTo("seen");
  }

  @Test
  void entitiesAreCharactersAndSpacesAreOne() {
    assertThat(HtmlText.of("<p>Gr&uuml;&szlig;e&nbsp;&nbsp;&amp;\n\t more <b> bold </b> end</p>"))
        .isEqualTo("Grüße & more bold end");
  }

  @Test
  void preformattedTextKeepsItsLines() {
    assertThat(HtmlText.of("<p>Log</p><pre>a\n  b</pre><p>end</p>"))
        .isEqualTo("Log\n\na\n  b\n\nend");
  }

  @Test
  void brokenAndDeepHtmlIsRead() {
    assertThat(HtmlText.of("<p>a<div>b<li>c</p></b>")).isEqualTo("a\n\nb\n- c");
    assertThat(HtmlText.of("<div>".repeat(5000) + "deep")).isEqualTo("deep");
    assertThat(HtmlText.of("")).isEmpty();
  }

  @Test
  void aBulletStandsBeforeTheFirstWordsOfItsItem() {
    assertThat(HtmlText.of("<p>To do</p><ol><li><p>One</p></li><li><div>Two</div></li></ol>"))
        .isEqualTo("To do\n\n1. One\n\n2. Two");
    assertThat(
            HtmlText.of("<ul><li></li><li><a href='https://x.example'>https://x.example</a></ul>"))
        .isEqualTo("- https://x.example");
  }

  @Test
  void theTextOfAMailIsNotMuchLongerThanItsHtml() {
    String html = "<ul><li>".repeat(3_000) + "x";

    assertThat(HtmlText.of(html)).isEqualTo("- x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<ul><li>x",
        "<ol><li>x",
        "<hr>",
        "<table>",
        "<table><tr><td>x",
        "<a href='https://x.example'><table><tr><td>x",
        "<a href='https://x.example'>x<p>",
        "<pre> <a href='https://x.example'>",
        "<b><i>x<p>",
        "<img alt=x>",
        "&nGt;",
        "<div>x</p>"
      })
  void theWorstHtmlCostsLittleMoreThanItsLength(String part) {
    String html = part.repeat(160_000 / part.length());

    String text = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> HtmlText.of(html));

    assertThat(text.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(html.getBytes(UTF_8).length + 1_000);
  }

  @Test
  void aLinkThatBrokenHtmlRepeatsInEveryParagraphDoesNotMakeATextOfGigabytes() {
    String html =
        "<p><a href='https://x.example/"
            + "ü".repeat(50_000)
            + "'><b style='"
            + "x".repeat(50_000)
            + "'>words"
            + "<p>words".repeat(10_000);

    String text = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> HtmlText.of(html));

    assertThat(text.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(html.getBytes(UTF_8).length + 1_000);
    assertThat(text).startsWith("words (https://x.example/ü").endsWith("\n[...]");
  }

  @Test
  void theTextOfAShortListIsNotCut() {
    String html = "<ul><li>".repeat(12) + "a" + "<li>b".repeat(20) + "<hr>".repeat(50);

    assertThat(HtmlText.of(html)).contains("- a\n").endsWith("---").doesNotContain("[...]");
  }
}
