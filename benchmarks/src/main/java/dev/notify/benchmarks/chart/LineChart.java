package dev.notify.benchmarks.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Lines over the same time, in panels one below the other. Each panel has a scale of its own that
 * begins at zero, so that a flat line looks flat.
 *
 * @param title what the chart shows
 * @param unitOfTime what the numbers along the bottom count
 * @param panels from top to bottom
 */
public record LineChart(String title, String unitOfTime, List<Panel> panels) {

  /**
   * Lines with one unit.
   *
   * @param title what they show, with the unit
   * @param lines at most three: more would have no colours
   */
  public record Panel(String title, List<Line> lines) {}

  /**
   * One line.
   *
   * @param label its name
   * @param points in the order of time
   */
  public record Line(String label, List<Point> points) {}

  /**
   * One measurement.
   *
   * @param time when
   * @param value how much, not negative; what is no number is left out
   */
  public record Point(double time, double value) {}

  private static final int TOP = 44;
  private static final int HEAD = 34;
  private static final int PLOT = 110;
  private static final int FOOT = 34;
  private static final double LEFT = 64;
  private static final double RIGHT = Svg.WIDTH - 24.0;
  private static final int MARKS = 4;

  /** The chart as SVG. */
  public String svg() {
    int height = TOP + panels.size() * (HEAD + PLOT + FOOT);
    Svg svg = new Svg(height, title, description()).text("title", 16, 28, title);
    double longest = Math.max(most(panels, true), Double.MIN_VALUE);
    int y = TOP;
    for (Panel panel : panels) {
      draw(svg, panel, y, longest);
      y += HEAD + PLOT + FOOT;
    }
    return svg.end();
  }

  private void draw(Svg svg, Panel panel, int top, double longest) {
    double most = round(most(List.of(panel), false));
    int bottom = top + HEAD + PLOT;
    svg.text("head", 16, top + 16, panel.title());
    for (int mark = 0; mark <= MARKS; mark++) {
      double y = bottom - (double) PLOT * mark / MARKS;
      svg.line("grid", LEFT, y, RIGHT, y);
      svg.text("small end", LEFT - 8, y + 4, amount(most * mark / MARKS));
      double x = LEFT + (RIGHT - LEFT) * mark / MARKS;
      String unit = mark == MARKS ? " " + unitOfTime : "";
      String anchor = mark == MARKS ? "small end" : "small mid";
      svg.text(anchor, x, bottom + 18, amount(longest * mark / MARKS) + unit);
    }
    double x = RIGHT;
    for (int i = panel.lines().size() - 1; i >= 0; i--) {
      Line line = panel.lines().get(i);
      svg.polyline("line line" + i, points(line, bottom, longest, most));
      svg.text("small end", x, top + 16, line.label());
      x -= 6.3 * line.label().length() + 8;
      svg.line("line line" + i, x - 26, top + 12, x, top + 12);
      x -= 42;
    }
  }

  private static String points(Line line, int bottom, double longest, double most) {
    return line.points().stream()
        .filter(point -> !Double.isNaN(point.value()))
        .map(
            point ->
                Svg.coordinate(LEFT + (RIGHT - LEFT) * point.time() / longest)
                    + ","
                    + Svg.coordinate(bottom - PLOT * point.value() / most))
        .collect(Collectors.joining(" "));
  }

  private static double most(List<Panel> panels, boolean time) {
    return panels.stream()
        .flatMap(panel -> panel.lines().stream())
        .flatMap(line -> line.points().stream())
        .mapToDouble(point -> time ? point.time() : point.value())
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(0);
  }

  /** The next number that is easy to read in quarters. */
  static double round(double most) {
    if (most <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    return power
        * Arrays.stream(new double[] {1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10})
            .filter(step -> step * power >= most)
            .findFirst()
            .orElse(10);
  }

  /** A run of three minutes takes a little longer than that. */
  private static String amount(double value) {
    boolean whole = value >= 100 || Math.abs(value - Math.rint(value)) < 0.005;
    return String.format(Locale.ROOT, whole ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  /** For those who hear the chart: where each line begins and ends, and how far it goes. */
  private String description() {
    List<String> sentences = new ArrayList<>();
    for (Panel panel : panels) {
      for (Line line : panel.lines()) {
        double[] values =
            line.points().stream()
                .mapToDouble(Point::value)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        if (values.length > 0) {
          sentences.add(
              "%s, %s: from %s to %s, at most %s."
                  .formatted(
                      panel.title(),
                      line.label(),
                      amount(values[0]),
                      amount(values[values.length - 1]),
                      amount(Arrays.stream(values).max().orElse(0))));
        }
      }
    }
    return String.join(" ", sentences);
  }
}
