package dev.notify.benchmarks.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.notify.benchmarks.chart.BarChart.Bar;
import dev.notify.benchmarks.chart.BarChart.Group;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class BarChartTest {

  private static final BarChart CHART =
      new BarChart(
          "Messages a second",
          List.of(
              new Group(
                  "send",
                  List.of(
                      new Bar("notify", 20_000, 15_000, 25_000, true),
                      new Bar("a <peer> & more", 10_000, 10_000, 10_000, false),
                      new Bar("broken", Double.NaN, Double.NaN, Double.NaN, false))),
              new Group("drain", List.of(new Bar("notify", 300, 300, 300, true)))));

  private final Document picture = read(CHART);

  private static Document read(BarChart chart) {
    try {
      return Pictures.parse(chart.svg());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private List<Element> rects(String classes) {
    return Pictures.all(picture, "rect").stream()
        .filter(rect -> rect.getAttribute("class").equals(classes))
        .toList();
  }

  @Test
  void barsOfAGroupAreAsLongAsTheirValues() {
    double ours = Pictures.number(rects("ours").get(0), "width");
    double theirs = Pictures.number(rects("bar").get(0), "width");

    assertThat(ours / theirs).isCloseTo(2, within(0.01));
  }

  @Test
  void eachGroupHasAScaleOfItsOwn() {
    double alone = Pictures.number(rects("ours").get(1), "width");
    double widest = Pictures.number(rects("ours").get(0), "width") * 25_000 / 20_000;

    assertThat(alone).isCloseTo(widest, within(0.2));
  }

  @Test
  void aLineShowsHowFarTheRoundsLieApart() {
    List<Element> lines = Pictures.all(picture, "line");

    assertThat(lines).as("only where they do").hasSize(1);
    double left = Pictures.number(rects("ours").get(0), "x");
    double length = Pictures.number(rects("ours").get(0), "width");
    assertThat(Pictures.number(lines.get(0), "x1")).isCloseTo(left + length * 0.75, within(0.2));
    assertThat(Pictures.number(lines.get(0), "x2")).isCloseTo(left + length * 1.25, within(0.2));
  }

  @Test
  void saysValuesInWordsAndWhoFailed() {
    assertThat(Pictures.words(picture))
        .contains("notify", "20,000", "a <peer> & more", "10,000", "broken", "failed");
    assertThat(rects("bar")).as("no bar for who failed").hasSize(1);
  }

  @Test
  void tellsThoseWhoDoNotSeeIt() {
    Element svg = picture.getDocumentElement();

    assertThat(svg.getAttribute("role")).isEqualTo("img");
    assertThat(svg.getAttribute("aria-labelledby")).isEqualTo("title description");
    assertThat(Pictures.all(picture, "title").get(0).getTextContent())
        .isEqualTo("Messages a second");
    assertThat(Pictures.all(picture, "desc").get(0).getTextContent())
        .contains("send: notify 20,000", "broken failed", "drain: notify 300");
  }

  @Test
  void isForLightAndDarkAndRunsNothing() {
    assertThat(CHART.svg())
        .contains("@media (prefers-color-scheme: dark)")
        .doesNotContain("<script", "href", "onload");
  }

  @Test
  void everythingLiesWithinThePicture() {
    double height = Pictures.number(picture.getDocumentElement(), "height");
    double width = Pictures.number(picture.getDocumentElement(), "width");

    assertThat(Pictures.all(picture, "text"))
        .allSatisfy(
            text -> {
              assertThat(Pictures.number(text, "y")).isBetween(0.0, height);
              assertThat(Pictures.number(text, "x")).isBetween(0.0, width - 50);
            });
  }
}
