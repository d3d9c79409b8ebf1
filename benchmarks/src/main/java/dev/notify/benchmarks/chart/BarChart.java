package dev.notify.benchmarks.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Horizontal bars in groups. Each group has a scale of its own that begins at zero; each bar has
 * its value beside it, and a line from the lowest to the highest that was measured.
 *
 * @param title what the chart shows
 * @param groups from top to bottom
 */
public record BarChart(String title, List<Group> groups) {

  /**
   * Bars that are compared.
   *
   * @param title what they have in common
   * @param bars from top to bottom
   */
  public record Group(String title, List<Bar> bars) {}

  /**
   * A bar.
   *
   * @param label who
   * @param value how much; not negative, or not a number if it could not be measured
   * @param lowest the lowest that was measured
   * @param highest the highest that was measured
   * @param ours whether it stands out
   */
  public record Bar(String label, double value, double lowest, double highest, boolean ours) {
    private boolean isMeasured() {
      return !Double.isNaN(value);
    }

    private String amount() {
      return isMeasured() ? String.format(Locale.ROOT, "%,.0f", value) : "failed";
    }
  }

  private static final int TOP = 44;
  private static final int HEAD = 30;
  private static final int BAR = 22;
  private static final int GAP = 14;
  private static final double LEFT = 190;
  private static final double LONGEST = Svg.WIDTH - LEFT - 100;

  /** The chart as SVG. */
  public String svg() {
    int height = TOP + groups.stream().mapToInt(BarChart::height).sum();
    Svg svg = new Svg(height, title, description()).text("title", 16, 28, title);
    int y = TOP;
    for (Group group : groups) {
      draw(svg, group, y);
      y += height(group);
    }
    return svg.end();
  }

  private static int height(Group group) {
    return HEAD + BAR * group.bars().size() + GAP;
  }

  private static void draw(Svg svg, Group group, int top) {
    double most =
        group.bars().stream()
            .filter(Bar::isMeasured)
            .mapToDouble(bar -> Math.max(bar.value(), bar.highest()))
            .max()
            .orElse(0);
    double scale = most > 0 ? LONGEST / most : 0;
    svg.text("head", 16, top + 18, group.title());
    int y = top + HEAD;
    for (Bar bar : group.bars()) {
      draw(svg, bar, y, scale);
      y += BAR;
    }
  }

  private static void draw(Svg svg, Bar bar, int y, double scale) {
    svg.text(bar.ours() ? "end strong" : "end", LEFT - 10, y + 14, bar.label());
    double end = LEFT;
    if (bar.isMeasured()) {
      double middle = y + (BAR - 5) / 2.0;
      svg.rect(bar.ours() ? "ours" : "bar", LEFT, y, bar.value() * scale, BAR - 5);
      end = LEFT + Math.max(bar.value(), bar.highest()) * scale;
      if (bar.lowest() < bar.highest()) {
        svg.line(
            "spread", LEFT + bar.lowest() * scale, middle, LEFT + bar.highest() * scale, middle);
      }
    }
    svg.text(bar.ours() ? "strong" : "value", end + 8, y + 14, bar.amount());
  }

  /** For those who hear the chart: everything that it shows. */
  private String description() {
    return groups.stream()
        .map(
            group ->
                group.bars().stream()
                    .map(bar -> bar.label() + " " + bar.amount())
                    .collect(Collectors.joining(", ", group.title() + ": ", ".")))
        .collect(Collectors.joining(" "));
  }
}
