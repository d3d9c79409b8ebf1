package dev.notify.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.notify.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where links stand in HTML, usual and broken. */
class HtmlScanTest {

  private static List<String> links(String html) {
    return HtmlScan.of(html).links().stream()
        .map(link -> html.substring(link.start(), link.end()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href=\"u\">",
        "<A HREF='u'>",
        "<a href=u>",
        "<a href = u class=x>",
        "<a\n\thref\n=\n\"u\"\n>",
        "<a/href=\"u\"/>",
        "<area shape=rect href=u>",
        "<a title=\"a > b\" href=u>",
        "<a title=\"href='x'\" data-href=x href=\"u\">",
        "<a title='<a href=x>' href=u>",
        "<a =x href=u>",
        "<a \"x\" href=u>",
        "<a href=u href=x>",
        "a < b <a href=u>",
        "<<a href=u>",
        "<!-- <a href=x> --><a href=u>",
        "<!--><a href=u>-->",
        "<!---><a href=u>-->",
        "<!-- <a href=x> --!><a href=u>",
        "<!--!><a href=x>--><a href=u>",
        "<!DOCTYPE html><a href=u>",
        "<?xml version=\"1.0\"?><a href=u>",
        "<![CDATA[ <a href=x> ]]><a href=u>",
        "</ <a href=x><a href=u>",
        "</><a href=u>",
        "<p title='>'></p title='>'><a href=u>",
        "<!--[if mso]><a href=\"x\"><![endif]--><a href=u>",
        "<![if !mso]><a href=u><![endif]>",
        "<!--[if !mso]><!--><a href=u><!--<![endif]-->",
        "<script>if (a<b) '<a href=x>'</script><a href=u>",
        "<style>/* <a href=x> */</STYLE ><a href=u>",
        "<script></scripts><a href=x></script/><a href=u>",
        "<textarea><a href=x></textarea><title><a href=x></title><a href=u>",
        "<noscript><a href=u></noscript>",
        "<p/><a href=u><plaintext><a href=x>",
        "<a href=u><a href=x",
        "<a href=u><a href=\"x>",
        "<a href=u><!-- <a href=x>",
        "<a href=u><script><a href=x>",
        "<abbr href=x><a-b href=x><link href=x></a href=x><a href=u>",
      })
  void theLinkIsFoundAndNothingElse(String html) {
    assertThat(links(html)).containsExactly("u");
  }

  @Test
  void aLinkToNowhereIsOneOfNoLetters() {
    assertThat(links("<a href=''><a href=><a href=\"\"><a href>")).containsExactly("", "", "");
  }

  @Test
  void theBodyEndsAtTheLastTagThatIsOne() {
    assertThat(HtmlScan.of("x</body>y</BODY >z<!--</body>-->").endOfBody()).isEqualTo(9);
    assertThat(HtmlScan.of("<p>x").endOfBody()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<",
        "<a ",
        "<a",
        "</",
        "<!--",
        "<!-- --",
        "<!-",
        "<!",
        "-->",
        "<script>",
        "</script",
        "<a b=",
        "<a href=\"",
        "<a href='x' ",
        "<script></scrip",
        "<![CDATA[",
        "\"",
        " ",
        "-",
        "<a href=x>",
        "<title></",
        "<textarea><",
        "</body>"
      })
  void brokenHtmlCostsNoMoreThanItsLength(String part) {
    String html = part.repeat(2_000_000 / part.length());

    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> HtmlScan.of(html));
  }

  /** A browser's parser as the judge. */
  @Test
  void whateverTheHtmlItsLinksAreThoseOfAnHtmlParser() {
    Chance.forMany(
        20_000,
        random -> {
          // Where raw text does not end, this parser begins anew, other than the standard has it.
          String html = anyHtml(random) + "</script></style></title></textarea>";
          Set<String> theirs = new LinkedHashSet<>();
          for (Element link : Jsoup.parse(html).select("a[href], area[href]")) {
            theirs.add(link.attr("href"));
          }
          // A link of several paragraphs is several elements to them, in another order.
          assertThat(new LinkedHashSet<>(links(html)))
              .as(html)
              .containsExactlyInAnyOrderElementsOf(theirs);
        });
  }

  @Test
  void whateverTheHtmlItsLinksStandInTheirOrderAndApart() {
    Chance.forMany(
        20_000,
        random -> {
          String html = anyHtml(random);
          int last = 0;
          for (HtmlScan.Value link : HtmlScan.of(html).links()) {
            assertThat(link.start()).as(html).isGreaterThan(last);
            assertThat(link.end()).as(html).isBetween(link.start(), html.length() - 1);
            last = link.end();
          }
          assertThat(HtmlScan.of(html).endOfBody()).isBetween(0, html.length());
        });
  }

  /** Bits of HTML in any order; every address another. */
  static String anyHtml(RandomGenerator random) {
    List<String> parts = new ArrayList<>();
    int many = random.nextInt(1, 14);
    for (int i = 0; i < many; i++) {
      parts.add(anyPart(random, "u" + i));
    }
    return String.join("", parts);
  }

  private static String anyPart(RandomGenerator random, String address) {
    return Chance.oneOf(
        random,
        "<a href=\"" + address + "\">",
        "<a href='" + address + "'>",
        "<A HREF = " + address + ">",
        "<a class=\"x\" title='\"' href=\"" + address + "\" id=b>",
        "<a title=\"a > b href='no'\" href=" + address + ">",
        "<a\n/href=\"" + address + "\"/>",
        "<a data-x=<b> href=" + address + ">",
        "<area href='" + address + "'>",
        "<a " + "href=" + address + " ",
        "href=" + address + " ",
        "<img alt='<a href=no>' src=x>",
        "<b",
        "<p>",
        "</a>",
        "</p class='>'>",
        "</body>",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!DOCTYPE html>",
        "<!x",
        "<?x",
        "</ ",
        "<script>",
        "</script>",
        "<style>",
        "</style >",
        "<title>",
        "</title/>",
        "<textarea>",
        "</textarea>",
        "\"",
        "'",
        "=",
        "<",
        ">",
        "/",
        "-",
        "!",
        " ",
        "\n",
        "text");
  }
}
