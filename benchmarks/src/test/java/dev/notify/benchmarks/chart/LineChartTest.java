package dev.notify.benchmarks.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.notify.benchmarks.chart.LineChart.Line;
import dev.notify.benchmarks.chart.LineChart.Panel;
import dev.notify.benchmarks.chart.LineChart.Point;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class LineChartTest {

  private static final LineChart CHART =
      new LineChart(
          "A soak",
          "min",
          List.of(
              new Panel(
                  "Heap, MB",
                  List.of(
                      line("alive", 100, 100, 100, 100), line("used", 200, 400, Double.NaN, 300))),
              new Panel("Nothing", List.of(line("empty")))));

  private static Line line(String label, double... values) {
    Point[] points = new Point[values.length];
    Arrays.setAll(points, i -> new Point(i, values[i]));
    return new Line(label, List.of(points));
  }

  private static List<double[]> points(Element polyline) {
    return Arrays.stream(polyline.getAttribute("points").split(" "))
        .map(pair -> Arrays.stream(pair.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  @Test
  void aFlatLineIsFlat() throws Exception {
    List<double[]> points = points(flat(Pictures.parse(CHART.svg())));

    assertThat(points).hasSize(4).allSatisfy(p -> assertThat(p[1]).isEqualTo(points.get(0)[1]));
  }

  private static Element flat(Document picture) {
    return lines(picture, "line line0").get(0);
  }

  private static List<Element> lines(Document picture, String classes) {
    return Pictures.all(picture, "polyline").stream()
        .filter(line -> line.getAttribute("class").equals(classes))
        .toList();
  }

  @Test
  void aPanelBeginsAtZero() throws Exception {
    Document picture = Pictures.parse(CHART.svg());
    double hundred = points(flat(picture)).get(0)[1];
    double twoHundred = points(lines(picture, "line line1").get(0)).get(0)[1];
    double fourHundred = points(lines(picture, "line line1").get(0)).get(1)[1];

    assertThat(twoHundred - fourHundred).isCloseTo(2 * (hundred - twoHundred), within(0.3));
  }

  @Test
  void whatIsNoNumberIsLeftOut() throws Exception {
    Element used = lines(Pictures.parse(CHART.svg()), "line line1").get(0);

    assertThat(points(used)).hasSize(3);
  }

  @Test
  void itsScaleIsEasyToRead() {
    assertThat(LineChart.round(400)).isEqualTo(400);
    assertThat(LineChart.round(401)).isEqualTo(600);
    assertThat(LineChart.round(0.7)).isCloseTo(0.8, within(1e-9));
    assertThat(LineChart.round(0)).isEqualTo(1);
  }

  @Test
  void tellsThoseWhoDoNotSeeIt() throws Exception {
    Document picture = Pictures.parse(CHART.svg());

    assertThat(Pictures.all(picture, "desc").get(0).getTextContent())
        .isEqualTo(
            "Heap, MB, alive: from 100 to 100, at most 100. "
                + "Heap, MB, used: from 200 to 300, at most 400.");
    assertThat(Pictures.words(picture)).contains("A soak", "alive", "used", "3 min");
  }
}
