package dev.notify.benchmarks.server;

import java.util.HashSet;
import java.util.Set;

/**
 * What is asked of a run.
 *
 * @param postgres whether the server keeps everything in PostgreSQL, and not in an H2 file
 * @param quick whether to show only that it runs
 * @param rate requests a second
 * @param seconds how long it is measured
 */
record Options(boolean postgres, boolean quick, int rate, int seconds) {

  static final String USAGE =
      "usage: benchmarks/run server [--postgres] [--quick] [--rate N] [--seconds N]";

  static Options parse(String... args) {
    Set<String> flags = new HashSet<>();
    int rate = 1_000;
    int seconds = 0;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--rate") && i + 1 < args.length) {
        rate = positive(args[++i]);
      } else if (args[i].equals("--seconds") && i + 1 < args.length) {
        seconds = positive(args[++i]);
      } else if (Set.of("--postgres", "--quick").contains(args[i])) {
        flags.add(args[i]);
      } else {
        throw new IllegalArgumentException(args[i]);
      }
    }
    boolean quick = flags.contains("--quick");
    return new Options(
        flags.contains("--postgres"), quick, rate, seconds > 0 ? seconds : quick ? 2 : 30);
  }

  private static int positive(String text) {
    int number = Integer.parseInt(text);
    if (number < 1) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  /** Until the server's code is compiled and its database has found its pace. */
  int warmupSeconds() {
    return quick ? 1 : 15;
  }
}
