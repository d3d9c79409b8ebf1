package dev.notify.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a run has found: a table for people, then a line of JSON for each figure and rate. */
public final class Report {

  private static final String ROW = "%-26s %12s %-6s %12s %12s  %-22s %s%n";
  private static final String RATE = "%-26s %-26s %12s  %s%n";

  private final List<Figure> figures = new ArrayList<>();
  private final List<Rate> rates = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Adds a figure. */
  public void add(Figure figure) {
    figures.add(figure);
  }

  /** Adds a rate, unless it was not measured in any round. */
  public void add(Rate rate) {
    if (!rate.rounds().isEmpty()) {
      rates.add(rate);
    }
  }

  /** Adds lines that explain figures; they stand below the table. */
  public void note(String text) {
    notes.add(text);
  }

  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  public List<Rate> rates() {
    return List.copyOf(rates);
  }

  /** Prints the tables, the notes, and the lines of JSON. */
  public void print(PrintStream out) {
    out.printf(ROW, "figure", "value", "unit", "floor", "goal", "rounds", "verdict");
    for (Figure figure : figures) {
      out.printf(
          ROW,
          figure.measure(),
          Figure.number(figure.value()),
          figure.unit(),
          bound(figure, figure.floor()),
          bound(figure, figure.goal()),
          figure.spread(),
          figure.verdict());
    }
    if (!rates.isEmpty()) {
      out.printf("%n" + RATE, "a second", "", "", "rounds");
    }
    for (Rate rate : rates) {
      out.printf(
          RATE,
          rate.shape(),
          rate.contestant(),
          Figure.number(rate.rounds().median()),
          rate.rounds().spread());
    }
    for (String note : notes) {
      out.printf("%n%s%n", note);
    }
    out.println();
    json().forEach(out::println);
  }

  private static String bound(Figure figure, double bound) {
    return (figure.better() == Figure.Better.LOWER ? "<= " : ">= ") + Figure.number(bound);
  }

  private Stream<String> json() {
    return Stream.concat(figures.stream().map(Figure::json), rates.stream().map(Rate::json));
  }

  /** Writes the lines of JSON. */
  public void write(Path file) throws IOException {
    write(file, json().toList());
  }

  /**
   * Writes the tables and the notes as a page would have them.
   *
   * @param meanings says in few words what a figure stands for, by its name
   */
  public void writeMarkdown(Path file, UnaryOperator<String> meanings) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| figure | what | floor | goal | measured | rounds | |");
    lines.add("|---|---|---|---|---|---|---|");
    for (Figure figure : figures) {
      lines.add(
          row(
              "`" + figure.measure() + "`",
              meanings.apply(figure.measure()),
              quantity(figure.floor(), figure),
              quantity(figure.goal(), figure),
              Double.isNaN(figure.value()) ? "not measured" : quantity(figure.value(), figure),
              figure.spread(),
              figure.verdict()));
    }
    if (!rates.isEmpty()) {
      lines.addAll(List.of("", "| a second | | median | rounds |", "|---|---|---|---|"));
    }
    for (Rate rate : rates) {
      double median = rate.rounds().median();
      lines.add(
          row(
              rate.shape(),
              rate.contestant(),
              Double.isNaN(median) ? "failed" : whole(median),
              rate.rounds().lowest() < rate.rounds().highest()
                  ? whole(rate.rounds().lowest()) + " to " + whole(rate.rounds().highest())
                  : ""));
    }
    lines.add("");
    notes.forEach(note -> lines.add("- " + note.replace("\n", "\n  ")));
    write(file, lines);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String quantity(double value, Figure figure) {
    return (Figure.number(value) + " " + figure.unit()).strip();
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines);
  }
}
