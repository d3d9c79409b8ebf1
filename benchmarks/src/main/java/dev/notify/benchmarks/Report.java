package dev.notify.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run has found: a table for people, then a line of JSON for each figure. */
public final class Report {

  private final List<Figure> figures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Adds a figure. */
  public void add(Figure figure) {
    figures.add(figure);
  }

  /** Adds lines that explain figures; they stand below the table. */
  public void note(String text) {
    notes.add(text);
  }

  /** Prints the table, the notes, and the lines of JSON. */
  public void print(PrintStream out) {
    String row = "%-26s %12s %-6s %12s %12s  %s%n";
    out.printf(row, "figure", "value", "unit", "floor", "goal", "verdict");
    for (Figure figure : figures) {
      out.printf(
          row,
          figure.measure(),
          Figure.number(figure.value()),
          figure.unit(),
          bound(figure, figure.floor()),
          bound(figure, figure.goal()),
          figure.verdict());
    }
    for (String note : notes) {
      out.printf("%n%s%n", note);
    }
    out.println();
    figures.forEach(figure -> out.println(figure.json()));
  }

  private static String bound(Figure figure, double bound) {
    return (figure.better() == Figure.Better.LOWER ? "<= " : ">= ") + Figure.number(bound);
  }

  /** Writes the lines of JSON. */
  public void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, figures.stream().map(Figure::json).toList());
  }
}
