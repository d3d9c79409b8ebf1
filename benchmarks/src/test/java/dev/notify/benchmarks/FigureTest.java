package dev.notify.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {

  private final Figure bytes = Figure.lower("send.bytes", 812, "B", 1000, 350);
  private final Figure slow = Figure.higher("send.rate", 900.4, "1/s", 50_000, 200_000);

  @Test
  void aFigureIsOneLineOfJson() {
    assertThat(bytes.json())
        .isEqualTo(
            "{\"measure\":\"send.bytes\",\"value\":812,\"unit\":\"B\",\"floor\":1000,\"goal\":350,\"better\":\"lower\"}");
  }

  @Test
  void betterIsHigherWhereLeftOut() {
    assertThat(slow.json())
        .isEqualTo(
            "{\"measure\":\"send.rate\",\"value\":900,\"unit\":\"1/s\",\"floor\":50000,\"goal\":200000}");
  }

  @Test
  void ratiosKeepTheirDigitsInEveryLocale() {
    assertThat(Figure.number(1.0625)).isEqualTo("1.063");
    assertThat(Figure.number(1.5)).isEqualTo("1.5");
    assertThat(Figure.number(0.05)).isEqualTo("0.05");
    assertThat(Figure.number(90)).isEqualTo("90");
  }

  @Test
  void whatWasNotMeasuredReachesNothing() {
    Figure none = Figure.lower("send.bytes", Double.NaN, "B", 1000, 350);

    assertThat(none.verdict()).isEqualTo("MISSED FLOOR");
    assertThat(none.json()).contains("\"value\":null");
  }

  @Test
  void roundsHaveAMedianAndASpread() {
    Series rounds = new Series("x");
    List.of(2.5, 1.5, 3.0).forEach(rounds::add);
    Figure figure = Figure.higher("T1", rounds, "x", 2, 3);

    assertThat(figure.value()).isEqualTo(2.5);
    assertThat(figure.spread()).isEqualTo("1.5 to 3");
    assertThat(figure.json()).endsWith("\"goal\":3,\"min\":1.5,\"max\":3}");
    assertThat(bytes.spread()).as("measured once").isEmpty();
  }

  @Test
  void aBoundIsReachedByItsOwnValue() {
    assertThat(Figure.lower("f", 1000, "B", 1000, 350).verdict()).isEqualTo("ok");
    assertThat(Figure.lower("f", 350, "B", 1000, 350).verdict()).isEqualTo("goal");
    assertThat(Figure.higher("f", 50, "1/s", 50, 200).verdict()).isEqualTo("ok");
    assertThat(Figure.higher("f", 200, "1/s", 50, 200).verdict()).isEqualTo("goal");
  }

  @Test
  void thePageHasATableThatCanBePasted(@TempDir Path directory) throws Exception {
    Series rounds = new Series("peer");
    List.of(900.0, 1_100.0, Double.NaN).forEach(rounds::add);
    Report report = new Report();
    report.add(slow);
    report.add(Figure.lower("L1", Double.NaN, "ms", 8, 3));
    report.add(new Rate("send", "peer", rounds));
    report.add(new Rate("send", "who was not asked", new Series("nobody")));
    report.note("on two cores");

    report.writeMarkdown(directory.resolve("table.md"), name -> "what " + name + " is");

    assertThat(Files.readAllLines(directory.resolve("table.md")))
        .containsExactly(
            "| figure | what | floor | goal | measured | rounds | |",
            "|---|---|---|---|---|---|---|",
            "| `send.rate` | what send.rate is | 50000 1/s | 200000 1/s | 900 1/s |  | MISSED FLOOR |",
            "| `L1` | what L1 is | 8 ms | 3 ms | not measured |  | MISSED FLOOR |",
            "",
            "| a second | | median | rounds |",
            "|---|---|---|---|",
            "| send | peer | 1,000 | 900 to 1,100 |",
            "",
            "- on two cores");
  }

  @Test
  void theReportSaysAMissedFloorPlainly(@TempDir Path directory) throws Exception {
    Report report = new Report();
    report.add(bytes);
    report.add(slow);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
    report.write(directory.resolve("new/micro.jsonl"));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(line -> line.startsWith("send.bytes ") && line.endsWith("ok"))
        .anyMatch(line -> line.startsWith("send.rate ") && line.endsWith("MISSED FLOOR"))
        .contains(bytes.json(), slow.json());
    assertThat(Files.readAllLines(directory.resolve("new/micro.jsonl")))
        .containsExactly(bytes.json(), slow.json());
  }
}
