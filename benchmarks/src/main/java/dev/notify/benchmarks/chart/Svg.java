package dev.notify.benchmarks.chart;

import java.util.Locale;

/** Writes the few elements of SVG that charts here consist of. Not thread-safe. */
final class Svg {

  static final int WIDTH = 760;

  /** Colours differ in lightness too, and with them go words or dashes: none speaks alone. */
  private static final String STYLE =
      """
      <style>
        text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
        .title { font-size: 17px; font-weight: 600 } .head { font-size: 14px; font-weight: 600 }
        .small { font-size: 12px; fill: #59636e } .end { text-anchor: end } .mid { text-anchor: middle }
        .strong { font-weight: 600 } .page { fill: #ffffff } .grid { stroke: #d1d9e0 }
        .bar { fill: #8c959f } .ours { fill: #0969da } .spread { stroke: #1f2328; stroke-width: 1.5 }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round }
        .line0 { stroke: #0969da } .line1 { stroke: #bc4c00; stroke-dasharray: 7 3 }
        .line2 { stroke: #1a7f37; stroke-dasharray: 2 3 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 } .small { fill: #9198a1 } .page { fill: #0d1117 }
          .grid { stroke: #3d444d } .bar { fill: #656c76 } .ours { fill: #4493f8 }
          .spread { stroke: #e6edf3 } .line0 { stroke: #4493f8 } .line1 { stroke: #f0883e }
          .line2 { stroke: #3fb950 }
        }
      </style>
      """;

  private final StringBuilder text = new StringBuilder();

  /** A picture with a background of its own, since the page's may not be the reader's choice. */
  Svg(int height, String title, String description) {
    text.append(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
            role="img" aria-labelledby="title description">
            <title id="title">%s</title>
            <desc id="description">%s</desc>
            """
                .formatted(WIDTH, height, WIDTH, height, escape(title), escape(description)))
        .append(STYLE)
        .append("<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n".formatted(WIDTH, height));
  }

  Svg text(String classes, double x, double y, String words) {
    return add("<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>", classes, x, y, escape(words));
  }

  Svg rect(String classes, double x, double y, double width, double height) {
    return add(
        "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
        classes, x, y, width, height);
  }

  Svg line(String classes, double x1, double y1, double x2, double y2) {
    return add(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>", classes, x1, y1, x2, y2);
  }

  /**
   * A line through points.
   *
   * @param points as SVG has them: pairs of coordinates
   */
  Svg polyline(String classes, String points) {
    return add("<polyline class=\"%s\" points=\"%s\"/>", classes, points);
  }

  private Svg add(String element, Object... values) {
    Object[] printed = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      printed[i] = values[i] instanceof Double number ? coordinate(number) : values[i];
    }
    text.append(element.formatted(printed)).append('\n');
    return this;
  }

  /** A tenth of a pixel is enough. */
  static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
  }

  private static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The finished picture. */
  String end() {
    return text.append("</svg>\n").toString();
  }
}
