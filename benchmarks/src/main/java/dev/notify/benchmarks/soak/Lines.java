package dev.notify.benchmarks.soak;

import dev.notify.benchmarks.chart.LineChart;
import dev.notify.benchmarks.chart.LineChart.Line;
import dev.notify.benchmarks.chart.LineChart.Panel;
import dev.notify.benchmarks.chart.LineChart.Point;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A run's samples as lines over its minutes. */
final class Lines {

  private Lines() {}

  static String of(List<Sample> samples) {
    return new LineChart(
            "A steady load, minute by minute",
            "min",
            List.of(
                new Panel(
                    "Heap, MB",
                    List.of(
                        line("alive", samples, sample -> sample.heap().alive()),
                        line(
                            "after a collection",
                            samples,
                            sample -> sample.heap().afterCollection()))),
                new Panel(
                    "Tables, MB",
                    List.of(
                        line("all", samples, sample -> sample.tables().allMegabytes()),
                        line("open ones", samples, sample -> sample.tables().hotMegabytes()))),
                new Panel(
                    "Until the provider's call, ms",
                    List.of(
                        line("p50", samples, sample -> sample.call().p50()),
                        line("p99", samples, sample -> sample.call().p99())))))
        .svg();
  }

  private static Line line(String label, List<Sample> samples, ToDoubleFunction<Sample> value) {
    return new Line(
        label,
        samples.stream()
            .map(sample -> new Point(sample.seconds() / 60, value.applyAsDouble(sample)))
            .toList());
  }
}
