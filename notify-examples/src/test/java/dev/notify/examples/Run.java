package dev.notify.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One run of an example, inside the test's process: what it would exit with and what it printed.
 */
record Run(int exit, String out, String err) {

  static Run of(String example, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Examples.run(
            example,
            List.of(arguments),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The table's rows, without the milliseconds, which no test can know. */
  List<String> rows() {
    return out.lines()
        .dropWhile(line -> !line.startsWith("---"))
        .skip(1)
        .takeWhile(line -> !line.isBlank())
        .map(line -> line.strip().replaceAll("\\s+", " ").replaceAll(" (\\d+|-)$", ""))
        .toList();
  }
}
