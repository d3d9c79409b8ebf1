package dev.notify.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of text whose columns are as wide as what stands in them. */
record TextTable(List<String> titles) {

  private static final String NUMBERS = "#";

  /** A table with these columns; those whose title begins with {@code #} hold numbers. */
  static TextTable of(String... titles) {
    return new TextTable(List.of(titles));
  }

  void print(List<List<String>> rows, PrintStream out) {
    List<List<String>> all = new ArrayList<>();
    all.add(titles.stream().map(title -> title.replace(NUMBERS, "")).toList());
    all.addAll(rows);
    List<Integer> widths = IntStream.range(0, titles.size()).mapToObj(i -> width(all, i)).toList();
    all.add(1, widths.stream().map("-"::repeat).toList());
    all.forEach(row -> out.println(line(row, widths)));
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private String line(List<String> row, List<Integer> widths) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> padded(row.get(i), widths.get(i), titles.get(i).startsWith(NUMBERS)))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private static String padded(String text, int width, boolean toTheRight) {
    String blanks = " ".repeat(width - text.length());
    return toTheRight ? blanks + text : text + blanks;
  }
}
